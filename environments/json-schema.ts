/**
 * The JSON Schema of an environment file, for editors and for words about what is allowed. Pure;
 * `schema/generate.ts` writes it to disk.
 */
import { z } from 'zod';
import { environmentSchema } from './environment-config.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Draft 7, as editors know it best; the input side, so that fields with a default may be left out. */
export const environmentJsonSchema = (): JsonSchema =>
  z.toJSONSchema(environmentSchema, { target: 'draft-7', io: 'input' });

/** The text of `schema/environment.schema.json`. */
export const renderJsonSchema = (): string => `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`;
