/** `npm run schema`: writes the JSON Schemas from the zod schemas. Tests fail when that was forgotten. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { driftWaiversJsonSchema, renderJsonSchema, reviewersJsonSchema } from '../json-schema.ts';

writeFileSync(path.join(import.meta.dirname, 'environment.schema.json'), renderJsonSchema());
writeFileSync(path.join(import.meta.dirname, 'waivers.schema.json'), renderJsonSchema(driftWaiversJsonSchema()));
writeFileSync(path.join(import.meta.dirname, 'reviewers.schema.json'), renderJsonSchema(reviewersJsonSchema()));
