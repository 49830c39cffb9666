import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { withEmulatedAccount } from '../../testing/emulator.ts';
import { createLocalTarget, EmulatedAccountDownError } from './local-target.ts';

const dev = loadEnvironments().find(({ name }) => name === 'dev');
assert.ok(dev);

test("an environment's calls go to its emulated account", async (t) => {
  const { stateDir, endpoint } = await withEmulatedAccount(t, { account: dev.account });
  const target = await createLocalTarget(dev, stateDir);
  assert.equal(target.account, dev.account);
  assert.equal(target.region, dev.region);
  assert.deepEqual(target.emulator, { endpoint, credentials: { accessKeyId: dev.account, secretAccessKey: 'local' } });
});

test('an account that is not up says how to start it', async (t) => {
  const empty = await mkdtemp(join(tmpdir(), 'local-target-'));
  t.after(() => rm(empty, { recursive: true }));
  await assert.rejects(createLocalTarget(dev, empty), (error) => {
    assert.ok(error instanceof EmulatedAccountDownError);
    assert.match(error.message, new RegExp(`${dev.account} of dev is not running. Start it: npm start`));
    return true;
  });
});
