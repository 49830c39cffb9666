/** A deployment past the ledger is reported as one, and the promotion of what it deployed adopts it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UpdateStackCommand, waitUntilStackUpdateComplete } from '@aws-sdk/client-cloudformation';
import { systemClock } from '../adapters/system-clock.ts';
import { SILENT_REPORTER } from '../testing/deployed-environment.ts';
import { withPromotionBench } from '../testing/promotion-bench.ts';
import { detectDrift } from './detect-drift.ts';
import { promoteEnvironment } from './promote-environment.ts';

const StackName = 'trading-sqs-dev';
const bench = await withPromotionBench({ after });
const { site, deps } = bench;

/** What the release detector finds of the stack: the bench deploys no environment for the probes to look at. */
async function pastTheLedger(): Promise<string[]> {
  const { checks } = await detectDrift(
    { target: site.target, environments: ['dev'], waivers: [], reporter: SILENT_REPORTER },
    {
      openSite: async () => site,
      clock: systemClock,
      findOnMain: async () => ({ known: true, branch: 'main', contained: true, behind: 0 }),
    },
  );
  return checks
    .filter(({ detector, subject, status }) => detector === 'release' && subject === StackName && status === 'fail')
    .map(({ property, detail }) => `${property}: ${detail}`);
}

test('found, with what adopts it; adopted by the next promotion', async () => {
  const [one, two] = [await bench.release('one'), await bench.release('two')];
  assert.equal((await promoteEnvironment(bench.input(one), deps)).outcome, 'validated');
  assert.deepEqual(await pastTheLedger(), []);

  const { cloudformation } = site.clients;
  const TemplateBody = await readFile(join(two.folder, 'dev', `${StackName}.template.json`), 'utf8');
  await cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody }));
  await waitUntilStackUpdateComplete({ client: cloudformation, maxWaitTime: 20, minDelay: 1 }, { StackName });
  const [found, ...others] = (await pastTheLedger()).filter((line) => line.startsWith('release.template'));
  assert.deepEqual(others, []);
  assert.match(found ?? '', /Deployed past the ledger at 20.*adopts it: npm run promote -- --only dev --local/);

  assert.equal((await promoteEnvironment(bench.input(two), deps)).outcome, 'validated');
  assert.equal(await bench.value(), 'two');
  assert.deepEqual(await pastTheLedger(), []);
});
