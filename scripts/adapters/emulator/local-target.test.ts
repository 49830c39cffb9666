import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { withEmulatedAccount } from '../../testing/emulator.ts';
import { writeAccount } from './account-state.ts';
import { createLocalTarget, EmulatedAccountDownError, UnsignedCallsError } from './local-target.ts';

const dev = loadEnvironments().find(({ name }) => name === 'dev');
assert.ok(dev);

test("an environment's calls go to its emulated account", async (t) => {
  const { stateDir, endpoint } = await withEmulatedAccount(t, { account: dev.account });
  const target = await createLocalTarget(dev, stateDir);
  assert.equal(target.account, dev.account);
  assert.equal(target.region, dev.region);
  assert.deepEqual(target.emulator, { endpoint, credentials: { accessKeyId: dev.account, secretAccessKey: 'local' } });
});

test('calls to an account that takes sessions are signed with the credentials of the environment', async (t) => {
  const started = await withEmulatedAccount(t, { account: dev.account });
  const { stateDir, client: _, ...account } = started;
  await writeAccount({ ...account, signedBy: 'environment' }, stateDir);
  const session = { AWS_ACCESS_KEY_ID: 'ASIA1', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };

  const { emulator } = await createLocalTarget(dev, stateDir, session);
  assert.deepEqual(emulator, {
    endpoint: account.endpoint,
    credentials: { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token' },
    signedBy: 'environment',
  });

  await assert.rejects(createLocalTarget(dev, stateDir, { AWS_ACCESS_KEY_ID: 'ASIA1' }), (error) => {
    assert.ok(error instanceof UnsignedCallsError);
    assert.match(error.message, /123456789012 of dev .*AWS_SECRET_ACCESS_KEY is not set\. .*npm start/);
    return true;
  });
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
