/**
 * Twelve changes by hand at once, put back by nothing but the commands that the drift check prints, in a shell and with the
 * AWS command line.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { pythonIn } from '../adapters/emulator/python-environment.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { readVariables } from '../adapters/variables.ts';
import type { DriftReport } from '../core/drift/report.ts';
import { byHand, TWELVE } from '../testing/breaks/twelve.ts';
import { SILENT_REPORTER, withDeployedEnvironments } from '../testing/deployed-environment.ts';
import { recordRelease, testSite } from '../testing/recorded-environment.ts';
import { detectDrift } from './detect-drift.ts';

const { dev } = await withDeployedEnvironments({ after }, ['dev']);

const look = (): Promise<DriftReport> =>
  detectDrift(
    { target: dev.target, environments: ['dev'], waivers: [], reporter: SILENT_REPORTER },
    {
      openSite: testSite,
      clock: systemClock,
      findOnMain: async () => ({ known: true, branch: 'main', contained: true, behind: 0 }),
    },
  );

/** As a person would who aimed a shell at the account by `npm run env`. */
async function inShell(commands: readonly string[]): Promise<void> {
  const { endpoint, credentials } = dev.target.emulator;
  const variables = {
    PATH: readVariables()['PATH'] ?? '',
    HOME: tmpdir(),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: dev.target.region,
    AWS_PAGER: '',
  };
  const aws = `aws() { '${pythonIn().aws}' --endpoint-url '${endpoint}' "$@"; }`;
  await promisify(execFile)('bash', ['--noprofile', '--norc', '-ec', [aws, ...commands].join('\n')], {
    env: variables,
  });
}

test('all twelve are put back by the commands that the report prints', async () => {
  await recordRelease(dev);
  for (const id of TWELVE) await byHand(id).apply(dev);
  const report = await look();
  assert.ok(!report.ok);
  const found = report.findings.flatMap(({ differences }) => differences.flatMap(({ checks }) => checks));
  assert.deepEqual(
    TWELVE.filter((id) => !found.includes(id)),
    [],
  );
  const commands = new Set(report.findings.flatMap(({ remedies }) => remedies.undo));
  await inShell([...commands].filter((command) => !command.startsWith('eval ')));
  const mended = await look();
  assert.deepEqual([mended.findings, mended.ok], [[], true]);
});
