/**
 * The whole way, as a newcomer goes it: `npm start` in a copy of the repository, the printed line pasted into a shell, the
 * order processed, `npm stop`. With two more environments as two more JSON files: one in a region and account of its own,
 * one that shares dev's account and region.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensurePython } from '../../adapters/emulator/python-environment.ts';
import { stateDirectory } from '../../adapters/emulator/state-dir.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { collect, type Ended, withRepositoryCopy } from '../../testing/workspace.ts';

const shell = promisify(execFile);
// Below the ephemeral ports; one for each of four accounts.
const basePort = randomInt(12_000, 19_000);
const cleanUps: (() => Promise<void>)[] = [];
const owner = { after: (hook: () => Promise<void>) => void cleanUps.push(hook) };
const copy = await withRepositoryCopy(owner, { GITOPS_BASE_PORT: String(basePort) });
let started: Ended;

before(async () => {
  // The virtual environment is made once for the repository; a copy of it would only cost time.
  await ensurePython();
  mkdirSync(join(copy.root, '.gitops'), { recursive: true });
  symlinkSync(join(stateDirectory(), 'python'), join(copy.root, '.gitops/python'));
  addEnvironment('prod-eu', 'prod', {
    account: '456789012345',
    region: 'eu-west-1',
    zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    cidr: '10.40.0.0/16',
  });
  addEnvironment('sandbox', 'dev', { cidr: '10.50.0.0/16' });
  started = await copy.run('start');
});
after(async () => {
  await copy.run('stop');
  for (const cleanUp of cleanUps) await cleanUp();
});

interface Difference {
  readonly account?: string;
  readonly region?: string;
  readonly zones?: readonly string[];
  readonly cidr: string;
}

function addEnvironment(name: string, like: string, { account, region, zones, cidr }: Difference): void {
  const config = JSON.parse(readFileSync(join(copy.root, `environments/${like}.json`), 'utf8'));
  Object.assign(config, { name }, account && { account }, region && { region });
  Object.assign(config.network, { cidr }, zones && { availabilityZones: zones });
  writeFileSync(join(copy.root, `environments/${name}.json`), JSON.stringify(config, null, 2));
}

async function untilProcessed(url: string): Promise<unknown> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const order = (await (await fetch(url)).json()) as { status?: string };
    if (order.status === 'PROCESSED') return order.status;
    await delay(200);
  }
  return 'not processed within 10 seconds';
}

describe('npm start', () => {
  it('ends 0 with every environment validated, those of one JSON file more included', () => {
    assert.equal(started.code, 0, started.stdout + started.stderr);
    for (const name of ['dev', 'staging', 'prod', 'prod-eu', 'sandbox']) {
      assert.match(started.stdout, new RegExp(`│ ${name} +│ validated │ [0-9a-f]{12} │ 7 +│ \\d+ passed`));
    }
  });

  it('starts one process per account, and two environments of one account share it', () => {
    const accounts = readdirSync(join(copy.root, '.gitops/accounts')).filter((file) => file.endsWith('.json'));
    assert.equal(accounts.length, 4);
    assert.match(started.stdout, new RegExp(`│ sandbox .*http://127\\.0\\.0\\.1:${basePort}/`));
  });

  it('ends with a line that posts an order when pasted; the order reads PROCESSED', async () => {
    const line = started.stdout.trimEnd().split('\n').at(-1) ?? '';
    assert.match(line, /^curl /);
    const { stdout } = await shell('bash', ['-c', line]);
    assert.match(stdout, /^HTTP\/1\.1 202 /);
    const [url] = /http\S+\/orders/.exec(line) ?? [];
    assert.equal(await untilProcessed(`${url}/test-order-1`), 'PROCESSED');
  });

  it('takes every command of the README’s walk, as it stands there', async () => {
    const readme = readFileSync(join(REPOSITORY_ROOT, 'README.md'), 'utf8');
    const walk = /```sh walk\n(.*?)```/s.exec(readme)?.[1]?.trim().split('\n') ?? [];
    assert.ok(walk.length > 5, 'the README has no walk');
    assert.equal(walk.at(-1), 'npm stop');
    for (const line of walk.slice(0, -1)) {
      const [, verb = '', args = ''] = /^npm run (\S+)(?: -- (.*))?$/.exec(line) ?? [];
      const words = [...args.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      const { code, stdout, stderr } = await copy.run(verb, ...words);
      assert.equal(code, 0, `${line}\n${stdout}${stderr}`);
    }
  });

  it('validate names function, expected and actual memory after a change by hand through the AWS CLI', async () => {
    const aim = await copy.run('env', '--env', 'dev', '--local');
    const setMemory = (mb: number) =>
      shell('bash', [
        '-c',
        `${aim.stdout}\naws lambda update-function-configuration --function-name order-intake-dev --memory-size ${mb}`,
      ]);
    await setMemory(256);
    const { code, stdout } = await copy.run('validate', '--local', '--env', 'dev');
    await setMemory(512);
    assert.equal(code, 1);
    assert.match(stdout, /function\.memory\s+of\s+order-intake-dev\s+expected\s+512 MB\s+actual\s+256 MB/);
  });

  it('a port in use stops it with a remedy, and nothing is left running', async () => {
    const other = await withRepositoryCopy(owner, { GITOPS_BASE_PORT: String(basePort) });
    mkdirSync(join(other.root, '.gitops'), { recursive: true });
    symlinkSync(join(stateDirectory(), 'python'), join(other.root, '.gitops/python'));
    const { code, stderr } = await other.run('start', '--env', 'dev');
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`Port ${basePort} .*GITOPS_BASE_PORT`));
    assert.doesNotMatch(stderr, /\n\s+at /, 'no stack trace');
    assert.match((await other.run('stop')).stdout, /No emulated account was running/);
  });

  it('an account that dies meanwhile is told with the end of its log, and the others are ended', async () => {
    const [file] = readdirSync(join(copy.root, '.gitops/accounts')).filter((name) => name.startsWith('456789012345'));
    const { pid } = JSON.parse(readFileSync(join(copy.root, '.gitops/accounts', file ?? ''), 'utf8')) as {
      pid: number;
    };
    // An edit, so that there is something to deploy.
    copy.edit('environments/prod-eu.json', '"memoryMb": 2048', '"memoryMb": 2304');
    const again = copy.start('start');
    const ended = collect(again);
    let alive = true;
    again.stderr?.on('data', (chunk: Buffer) => {
      if (!alive || !String(chunk).includes('promoting prod-eu')) return;
      alive = false;
      process.kill(pid, 'SIGKILL');
    });
    const { code, stderr } = await ended;
    assert.equal(code, 1);
    assert.match(stderr, /The emulated account 456789012345 ended while it was in use\. Its log .* ends with:/);
    assert.match((await copy.run('stop')).stdout, /No emulated account was running/);
  });
});
