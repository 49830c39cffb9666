/**
 * Resource types that an emulated account keeps without behaving by them: recorded, not emulated. The list is
 * recorded-types.json, which the start module reads too.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EMULATOR_DIR } from './state-dir.ts';

const schema = z.array(
  z.strictObject({
    /** `AWS::EC2::FlowLog` */
    type: z.string(),
    /** `own`: a handler of ours, told back by an API; `record-only`: a physical id alone; `ministack`: its own handler. */
    handler: z.enum(['own', 'record-only', 'ministack']),
    /** What the account does not do, in words. */
    reason: z.string(),
  }),
);

export type RecordedType = Readonly<z.infer<typeof schema>[number]>;

export async function readRecordedTypes(): Promise<readonly RecordedType[]> {
  return schema.parse(JSON.parse(await readFile(join(EMULATOR_DIR, 'recorded-types.json'), 'utf8')));
}
