/**
 * `kill -9` of a promotion at random moments, each followed by a plain one: that ends with the release validated everywhere,
 * whatever the dead process left: a lease, a stack half-way, a history record without its ledger.
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadEnvironments } from '../../../environments/load.ts';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { emulatorCredentials } from '../../adapters/emulator/local-target.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { currentRelease } from '../../core/ledger/ledger.ts';
import { openRecords, type Records } from '../../operations/open-records.ts';
import { type RevisedTemplate, reviseRelease } from '../../testing/revised-release.ts';
import { collect, type Ended, withWorkspace } from '../../testing/workspace.ts';

const KILLS = 20;
const environments = loadEnvironments({ variables: {} });
const clients = new AwsClientPool();
const { root, accounts, run, start } = await withWorkspace({ after });
const releases = (name: string): string => join(root, 'cdk.out.releases', name);

/** How long a promotion is at work here, from its first word on the first environment: moments are drawn from that. */
let workMs = 0;

/** Starts a promotion; resolves when it says that it promotes the first environment. */
async function begin(folder: string): Promise<{ child: ChildProcess; ended: Promise<Ended> }> {
  const child = start('promote', '--local', '--release', folder);
  const ended = collect(child);
  const begun = new Promise<void>((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('promoting dev')) resolve();
    });
  });
  await Promise.race([begun, ended]);
  return { child, ended };
}

function recordsOf(name: string): Promise<Records> {
  const environment = environments.find((each) => each.name === name) ?? assert.fail(name);
  const { account, region } = environment;
  const endpoint = accounts.get(account)?.endpoint ?? assert.fail(account);
  const target = { environment, account, region, unanswerable: [] };
  const emulator = { endpoint, credentials: emulatorCredentials(account) };
  return openRecords({ ...target, emulator }, environments, { clients, clock: systemClock, warn: assert.fail });
}

async function states(): Promise<string[]> {
  return await Promise.all(
    environments.map(async ({ name }) => {
      const { current } = await (await recordsOf(name)).ledger.read();
      return `${current.state} ${currentRelease(current)?.id.slice(0, 6) ?? ''}`;
    }),
  );
}

/** Another release, newer than those before, that changes functions and a queue in every environment. */
const nextRelease = (minute: number) =>
  reviseRelease(releases('first'), releases(String(minute)), {
    minute,
    template: ({ Resources }: RevisedTemplate) => {
      for (const { Type, Properties } of Object.values(Resources)) {
        if (Type === 'AWS::Lambda::Function' && 'Description' in Properties)
          Properties['Description'] = `no. ${minute}`;
        if (Type === 'AWS::SQS::Queue') Properties['ReceiveMessageWaitTimeSeconds'] = minute % 20;
      }
    },
  });

before(async () => {
  assert.equal((await run('bootstrap', '--local', '--env', 'all')).code, 0);
  assert.equal((await run('promote', '--local')).code, 0);
  cpSync(join(root, 'cdk.out'), releases('first'), { recursive: true });
  await nextRelease(1);
  const { ended } = await begin(releases('1'));
  const began = performance.now();
  assert.equal((await ended).code, 0);
  workMs = performance.now() - began;
});

describe('a promotion killed at any moment', () => {
  for (let kill = 1; kill <= KILLS; kill += 1) {
    it(`no. ${kill}: a plain promote ends validated`, async (t) => {
      const minute = kill + 1;
      const release = await nextRelease(minute);
      const moment = randomInt(Math.ceil(workMs));
      const { child, ended } = await begin(releases(String(minute)));
      await sleep(moment);
      child.kill('SIGKILL');
      await ended;
      const left = await states();

      const began = performance.now();
      const { code, stdout, stderr } = await run('promote', '--local', '--release', releases(String(minute)));
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      t.diagnostic(
        `killed after ${moment} ms of ${Math.round(workMs)}; left ${left.join(', ')}; again took ${seconds} s`,
      );
      assert.equal(code, 0, `killed after ${moment} ms:\n${stdout}\n${stderr}`);
      for (const { name } of environments) {
        const records = await recordsOf(name);
        const { current, validated } = await records.ledger.read();
        assert.deepEqual([current.state, currentRelease(current)?.id], ['validated', release.id], name);
        assert.equal(validated.releases[0]?.release.id, release.id);
        assert.deepEqual(await records.lock(), { held: false });
        const past = await records.history.list();
        const applied = new Set(past.map(({ sequence, event }) => (event.type === 'held' ? 0 : sequence)));
        assert.equal(applied.size, current.sequence, 'no event of the ledger is missing in its history');
      }
      rmSync(releases(String(minute)), { recursive: true });
    });
  }
});
