/**
 * The JSON Schemas of environment files, waivers and reviewers, for editors and for words about what is allowed. Pure;
 * `schema/generate.ts` writes them to disk.
 */
import { z } from 'zod';
import { environmentSchema } from './environment-config.ts';
import { reviewersSchema } from './reviewers.ts';
import { driftWaiversSchema } from './waivers.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Draft 7, as editors know it best; the input side, so that fields with a default may be left out. */
const toJsonSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });

export const environmentJsonSchema = (): JsonSchema => toJsonSchema(environmentSchema);
export const driftWaiversJsonSchema = (): JsonSchema => toJsonSchema(driftWaiversSchema);
export const reviewersJsonSchema = (): JsonSchema => toJsonSchema(reviewersSchema);

/** The text of `schema/environment.schema.json`. */
export const renderJsonSchema = (schema: JsonSchema = environmentJsonSchema()): string =>
  `${JSON.stringify(schema, null, 2)}\n`;
