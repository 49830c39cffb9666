/** `npm run schema`: writes `environment.schema.json` from the zod schema. A test fails when that was forgotten. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderJsonSchema } from '../json-schema.ts';

writeFileSync(path.join(import.meta.dirname, 'environment.schema.json'), renderJsonSchema());
