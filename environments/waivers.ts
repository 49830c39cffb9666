/**
 * What a waiver of drift is: a difference that people accept for a while, each with who answers for it and when it ends.
 * One zod schema, from which the type is inferred and `schema/waivers.schema.json` is generated. Pure.
 */
import { z } from 'zod';

/** None is for ever: whoever still wants it a year later says so again. */
export const LONGEST_WAIVER_DAYS = 366;

const named = (what: string) =>
  z
    .string()
    .regex(/^(?!\s)[^*?]+(?<!\s)$/)
    .meta({ patternErrorMessage: `${what}, as \`npm run drift\` shows it: one, without wildcards` });

const said = (what: string) =>
  z
    .string()
    .regex(/\S/)
    .meta({ patternErrorMessage: `${what}, in words` });

const driftWaiver = z
  .strictObject({
    environment: named('the name of an environment').describe('The environment it holds in'),
    resource: named('the name or physical id of a resource').describe('The resource that may differ'),
    property: named('a property').describe('What of it may differ: a path of CloudFormation, or the id of a check'),
    reason: said('why').describe('Why the difference is accepted'),
    owner: said('who').describe('The team or person that answers for it'),
    expires: z.iso
      .date()
      .meta({ patternErrorMessage: 'a date of the calendar, YYYY-MM-DD' })
      .describe(`Last day on which it holds, UTC; at most ${LONGEST_WAIVER_DAYS} days ahead`),
  })
  .describe('One accepted difference');

export const driftWaiversSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For the editor only'),
    waivers: z.array(driftWaiver).describe('Accepted differences, each for one property of one resource'),
  })
  .meta({ title: 'Accepted drift of the trading platform' });

export type DriftWaiver = z.infer<typeof driftWaiver>;
