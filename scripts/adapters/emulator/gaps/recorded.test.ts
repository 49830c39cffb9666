/**
 * Types that are recorded and not emulated.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { emulatedStack } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';
import { readRecordedTypes } from '../recorded-types.ts';

const ACCOUNT = '210000000005';
const account = await withEmulatedAccount({ after }, { account: ACCOUNT });

test('every type on the list of recorded ones deploys', async () => {
  const recordOnly = (await readRecordedTypes()).filter(({ handler }) => handler === 'record-only');
  assert.ok(recordOnly.length > 0);
  const recorded = emulatedStack(account, 'recorded');
  await recorded.put(
    Object.fromEntries(recordOnly.map(({ type }, index) => [`R${index}`, { Type: type, Properties: {} }])),
  );
  await recorded.delete();
});
