/**
 * What `drift`, `diff` and `status` ask of AWS, recorded while they work on an environment that is there. Kept as
 * infra/testing/read-calls.json, where a test of infra puts each call to the read role.
 *
 * Written anew by: UPDATE_READ_CALLS=1 node --import tsx --test scripts/commands/status/read-calls.emulated.test.ts
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { AwsClientPool } from '../../adapters/aws-clients.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { readVariables } from '../../adapters/variables.ts';
import { detectDrift } from '../../operations/detect-drift.ts';
import { planEnvironment } from '../../operations/plan-environment.ts';
import { openSite } from '../../operations/site.ts';
import { SILENT_REPORTER, withDeployedEnvironments } from '../../testing/deployed-environment.ts';
import { releaseOfEditedTemplate } from '../../testing/edited-release.ts';
import { recordCalls } from '../../testing/recorded-calls.ts';
import { recordRelease } from '../../testing/recorded-environment.ts';
import { run as showStatus } from './run.ts';

const FILE = join(REPOSITORY_ROOT, 'infra', 'testing', 'read-calls.json');
const owner = { after };
const { dev } = await withDeployedEnvironments(owner, ['dev']);

test('the calls are those that the read role is tested with', async () => {
  await recordRelease(dev);
  const edited = await releaseOfEditedTemplate(owner, dev, 'dev', 'trading-sqs-dev', ({ Resources }) => {
    const queue = Object.values(Resources as Record<string, { Type: string; Properties: object }>).find(
      ({ Type }) => Type === 'AWS::SQS::Queue',
    );
    Object.assign(queue?.Properties ?? {}, { VisibilityTimeout: 200 });
  });
  const environments = loadEnvironments();
  const clients = new AwsClientPool();
  const { calls } = recordCalls(clients.for(dev.target), dev.target);
  const site = () => openSite(dev.target, environments, { clients, clock: systemClock, warn: () => {} });

  const names = environments.map(({ name }) => name);
  const findOnMain = async () => ({ known: false, reason: 'not asked' }) as const;
  await detectDrift(
    { target: dev.target, environments: names, waivers: [], reporter: SILENT_REPORTER },
    { openSite: site, clock: systemClock, findOnMain },
  );
  const quiet = { allowDestructive: false, onExit: () => () => {}, warn: () => {} };
  const plan = await planEnvironment({ ...edited, ...quiet }, dev.target, clients.for(dev.target));
  assert.ok(plan.stacks.some(({ action }) => action !== 'unchanged'));
  for (const history of [true, false]) {
    const { text } = await showStatus(
      { environments: [dev.config], shown: ['dev'], history },
      { open: site, clock: systemClock },
    );
    assert.match(text, /validated/);
  }

  const found = `${JSON.stringify(calls(), null, 2)}\n`;
  if (readVariables()['UPDATE_READ_CALLS'] === '1') writeFileSync(FILE, found);
  assert.equal(found, readFileSync(FILE, 'utf8'), 'see the header of this test for how to write it anew');
});
