/** The real CDK toolkit, in its thread, against an emulated account. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parameter, writeAssembly } from '../../testing/assembly.ts';
import { withEmulatedAccount } from '../../testing/emulator.ts';
import { PlainReporter } from '../reporter/plain.ts';
import { CdkToolkit, ToolkitRefusedError, threadVariables } from './toolkit.ts';

const folder = await mkdtemp(join(tmpdir(), 'gitops-toolkit-'));
after(() => rm(folder, { recursive: true, force: true }));

const account = await withEmulatedAccount({ after }, { account: '111122223333' });
const destination = {
  account: '111122223333',
  region: 'us-east-1',
  emulator: { endpoint: account.endpoint, credentials: account.client.credentials },
};

/** Lines as CI shows them, and a task that writes them. */
function recorded() {
  const lines: string[] = [];
  const reporter = new PlainReporter({ write: (text) => lines.push(text.trim()) }, () => 0);
  return {
    lines,
    options: { task: reporter.task('dev'), warn: (text: string) => void lines.push(`warning: ${text}`) },
  };
}

describe('CdkToolkit', () => {
  const toolkit = new CdkToolkit(destination);
  after(() => toolkit.close());

  it('creates, leaves alone and updates stacks, and shows it', async () => {
    const assembly = join(folder, 'plain');
    const write = (value: string): Promise<void> =>
      writeAssembly(assembly, destination, {
        'first-dev': { resources: { P: parameter('/toolkit/first', value) }, outputs: { Name: { Ref: 'P' } } },
        'second-dev': { resources: { P: parameter('/toolkit/second', 'same') }, dependencies: ['first-dev'] },
      });
    await write('1');
    const { lines, options } = recorded();
    const created = await toolkit.deploy(assembly, options);
    assert.deepEqual(
      created.map(({ stack, status, outputs }) => ({ stack, status, outputs })),
      [
        { stack: 'first-dev', status: 'created', outputs: { Name: '/toolkit/first' } },
        { stack: 'second-dev', status: 'created', outputs: {} },
      ],
    );
    assert.deepEqual(lines, [
      'dev …',
      'dev › first-dev …',
      '✓ dev › first-dev: created (0.0s)',
      'dev › second-dev …',
      '✓ dev › second-dev: created (0.0s)',
    ]);
    await write('2');
    const updated = await toolkit.deploy(assembly, recorded().options);
    assert.deepEqual(
      updated.map(({ status }) => status),
      ['updated', 'unchanged'],
    );
  });

  it('names stack, logical id and the reason of a resource that fails, and starts no dependent', async () => {
    const assembly = join(folder, 'failing');
    await writeAssembly(assembly, destination, {
      'taken-dev': { resources: { Taken: parameter('/toolkit/first', 'x') } },
      'after-dev': { resources: { P: parameter('/toolkit/after', 'x') }, dependencies: ['taken-dev'] },
    });
    const [taken, dependent] = await toolkit.deploy(assembly, recorded().options);
    assert.equal(taken?.status, 'failed');
    assert.match(taken?.reason ?? '', /^Taken \(AWS::SSM::Parameter\) CREATE_FAILED: .*already exists/);
    assert.deepEqual([dependent?.status, dependent?.reason], ['skipped', 'not started, because taken-dev failed']);
  });

  it('gives the words of a template that CloudFormation refuses', async () => {
    const assembly = join(folder, 'refused');
    await writeAssembly(assembly, destination, {
      'refused-dev': { resources: { Bad: { Type: 'AWS::Nope::Nothing', Properties: {} } } },
    });
    const [refused] = await toolkit.deploy(assembly, recorded().options);
    assert.equal(refused?.status, 'failed');
    assert.match(refused?.reason ?? '', /AWS::Nope::Nothing/);
  });

  it('bootstraps, and finds nothing to do the second time', async () => {
    const first = await toolkit.bootstrap(recorded().options);
    assert.deepEqual([first.stack, first.status], ['CDKToolkit', 'created']);
    const second = await toolkit.bootstrap(recorded().options);
    assert.equal(second.status, 'unchanged');
  });

  it('refuses what is no assembly, and goes on working afterwards', async () => {
    await assert.rejects(toolkit.deploy(join(folder, 'nothing'), recorded().options), ToolkitRefusedError);
    const again = await toolkit.deploy(join(folder, 'plain'), recorded().options);
    assert.deepEqual(
      again.map(({ status }) => status),
      ['unchanged', 'unchanged'],
    );
  });

  it('stops at once when interrupted, and takes its cache folder away', async () => {
    const own = new CdkToolkit(destination);
    const controller = new AbortController();
    const homes = async (): Promise<string[]> =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('gitops-cdk-home-'));
    const before = await homes();
    const deploying = own.deploy(join(folder, 'plain'), { ...recorded().options, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 300);
    await assert.rejects(deploying, /enough/);
    await own.close();
    assert.deepEqual(
      (await homes()).filter((name) => !before.includes(name)),
      [],
    );
  });
});

describe('threadVariables', () => {
  const variables = {
    AWS_PROFILE: 'work',
    AWS_SESSION_TOKEN: 't',
    HTTPS_PROXY: 'http://proxy',
    PATH: '/bin',
    CDK_DEV_ACCOUNT: '1',
  };

  it('lets nothing of AWS but the emulated account through', () => {
    const own = threadVariables(destination, '/home-of-caches', variables);
    assert.equal(own['AWS_ENDPOINT_URL'], account.endpoint);
    assert.equal(own['AWS_ACCESS_KEY_ID'], '111122223333');
    assert.equal(own['CDK_HOME'], '/home-of-caches');
    assert.equal(own['PATH'], '/bin');
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'HTTPS_PROXY', 'CDK_DEV_ACCOUNT'])
      assert.equal(own[name], undefined);
  });

  it('signs with the token of a session, and not with one that lies about', () => {
    const credentials = { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'of the session' };
    const emulator = { endpoint: account.endpoint, credentials, signedBy: 'environment' as const };
    const own = threadVariables({ ...destination, emulator }, undefined, variables);
    assert.equal(own['AWS_ACCESS_KEY_ID'], 'ASIA1');
    assert.equal(own['AWS_SESSION_TOKEN'], 'of the session');
  });

  it('passes everything on for AWS', () => {
    assert.deepEqual(threadVariables({ account: '1', region: 'us-east-1' }, undefined, variables), variables);
  });
});
