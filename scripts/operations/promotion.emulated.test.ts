/**
 * Promotion and rollback as people live through them: commands typed in a copy of the repository, three emulated accounts,
 * releases that are good, that break, and that CloudFormation refuses. One story: each part goes on where the last one ended.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeTableCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { loadEnvironments } from '../../environments/load.ts';
import { AwsClientPool, createAwsClients } from '../adapters/aws-clients.ts';
import { emulatorCredentials } from '../adapters/emulator/local-target.ts';
import { readRelease } from '../adapters/release/release-directory.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { currentRelease } from '../core/ledger/ledger.ts';
import type { Release } from '../core/release/release.ts';
import { emulatedStack } from '../testing/emulated-stack.ts';
import { type RevisedTemplate, reviseRelease } from '../testing/revised-release.ts';
import { collect, withWorkspace } from '../testing/workspace.ts';
import { openRecords, type Records } from './open-records.ts';

const shell = promisify(execFile);
const workspace = await withWorkspace({ after });
const { root, run, json } = workspace;
const releases = (name: string): string => join(root, 'cdk.out.releases', name);
const environments = loadEnvironments({ variables: {} });
const clients = new AwsClientPool();

/** Emulated account and clients of an environment. */
function placeOf(name: string) {
  const config = environments.find((each) => each.name === name);
  const account = workspace.accounts.get(config?.account ?? '');
  if (config === undefined || account === undefined) throw new Error(`no ${name}`);
  const emulator = { endpoint: account.endpoint, credentials: account.client.credentials };
  return { account, clients: createAwsClients({ region: config.region, emulator }) };
}

const records = new Map(
  environments.map((config) => {
    const { account, region } = config;
    const emulator = { endpoint: placeOf(config.name).account.endpoint, credentials: emulatorCredentials(account) };
    const target = { environment: config, account, region, emulator, unanswerable: [] };
    return [
      config.name,
      () => openRecords(target, environments, { clients, clock: systemClock, warn: assert.fail }),
    ] as const;
  }),
);
const recordsOf = (name: string): Promise<Records> => (records.get(name) ?? assert.fail(name))();

/** State and release of each environment, and that nobody left a lock behind. */
async function stand(): Promise<Record<string, string>> {
  const rows = environments.map(async ({ name }) => {
    const opened = await recordsOf(name);
    assert.deepEqual(await opened.lock(), { held: false }, `${name} is locked`);
    const { current } = await opened.ledger.read();
    return [name, [current.state, currentRelease(current)?.id.slice(0, 12)].join(' ').trim()] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

const events = async (name: string): Promise<string[]> =>
  (await (await recordsOf(name)).history.list()).map(({ event }) => event.type);

const short = ({ id }: Release): string => id.slice(0, 12);
const describeFunctions = (text: string) => (template: RevisedTemplate) => {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type === 'AWS::Lambda::Function' && 'Description' in Properties) Properties['Description'] = text;
  }
};

let first: Release;
let second: Release;

before(async () => {
  assert.equal((await run('bootstrap', '--local', '--env', 'all')).code, 0);
});

describe('promotion through the emulated accounts', () => {
  it('takes the working tree through all environments; again it is nothing to do, and fast', async () => {
    const { code, stdout, stderr } = await run('promote', '--local');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Critical path: dev: prepare .*dev: validate .*staging: validate .*prod: validate/);
    cpSync(join(root, 'cdk.out'), releases('first'), { recursive: true });
    first = await readRelease(releases('first'));
    const all = `validated ${short(first)}`;
    assert.deepEqual(await stand(), { dev: all, staging: all, prod: all });

    const began = performance.now();
    const again = await run('promote', '--local', '--release', short(first));
    assert.equal(again.code, 0);
    assert.match(again.stdout, /dev: nothing-to-do\. .*\n.*staging: nothing-to-do\. .*\n.*prod: nothing-to-do\./);
    assert.ok(performance.now() - began < 15_000);
    assert.deepEqual(await events('prod'), ['deploy-started', 'deploy-finished', 'validated']);
  });

  it('an edit that makes order-processing throw: dev is back on the earlier release, staging and prod untouched', async () => {
    const file = 'lambdas/order-processing/handler.ts';
    const original = readFileSync(join(root, file), 'utf8');
    workspace.edit(
      file,
      'async (event, context: Context) => {',
      'async (event, context: Context) => {\n  throw new Error("no");',
    );
    const { code, stdout, stderr } = await run('promote', '--local');
    writeFileSync(join(root, file), original);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /dev: rolled-back\. .*synthetic\.processed/);
    assert.match(stdout, /staging: not-started\..*\n.*prod: not-started\./);

    const all = short(first);
    assert.deepEqual(await stand(), {
      dev: `rolled-back ${all}`,
      staging: `validated ${all}`,
      prod: `validated ${all}`,
    });
    assert.deepEqual((await events('dev')).slice(3), [
      'deploy-started',
      'deploy-finished',
      'rollback-started',
      'rolled-back',
    ]);
    assert.equal((await events('staging')).length, 3);

    const told = await run('status', '--local', '--env', 'dev');
    assert.match(told.stdout, /│ dev +│ rolled-back │ [0-9a-f]{12} │/);
    const past = await run('status', '--local', '--env', 'dev', '--history');
    assert.match(past.stdout, /deploy-started[\s\S]+rollback-started .*automatic, to [\s\S]+rolled-back/);

    const { current } = await (await recordsOf('dev')).ledger.read();
    const broken = current.rejected[0]?.id ?? '';
    const again = await run('promote', '--local', '--release', broken);
    assert.equal(again.code, 1);
    assert.match(again.stdout, /dev: refused\. .*was rolled back in dev .*--retry/);
  });

  it('a template that CloudFormation refuses: rolled back; what was made by hand is named and left', async () => {
    const { account } = placeOf('dev');
    const tags = { project: 'trading-platform', environment: 'dev' };
    await emulatedStack(account, 'made-by-hand').put({ Topic: { Type: 'AWS::SNS::Topic' } }, { tags });
    await reviseRelease(releases('first'), releases('refused'), {
      minute: 1,
      template: (template, stack) => {
        if (stack.startsWith('trading-sqs'))
          template.Resources['Bad'] = { Type: 'AWS::Nothing::Thing', Properties: {} };
      },
    });
    const { code, stdout } = await run('promote', '--local', '--release', releases('refused'));
    assert.equal(code, 1, stdout);
    assert.match(stdout, /dev: rolled-back\. .*it did not deploy: trading-sqs-dev: .*AWS::Nothing::Thing/);
    assert.match(stdout, /dev: made-by-hand was left: it is of neither release/);
    assert.equal((await stand())['dev'], `rolled-back ${short(first)}`);
    assert.equal(await emulatedStack(account, 'made-by-hand').status(), 'CREATE_COMPLETE');
  });

  it('what breaks only in staging’s config: dev holds it, staging is back, prod is not started', async () => {
    const release = await reviseRelease(releases('first'), releases('staging-breaks'), {
      minute: 2,
      config: (config, environment) => {
        if (environment === 'staging') Object.assign(config['functions'] ?? {}, { memoryMb: 1280 });
      },
    });
    const { code, stdout } = await run('promote', '--local', '--release', releases('staging-breaks'));
    assert.equal(code, 1, stdout);
    assert.match(stdout, /staging: rolled-back\. .*function\.memory/);
    const earlier = short(first);
    assert.deepEqual(await stand(), {
      dev: `validated ${short(release)}`,
      staging: `rolled-back ${earlier}`,
      prod: `validated ${earlier}`,
    });
  });

  it('files that are not those of the release: nothing is touched', async () => {
    cpSync(releases('first'), releases('tampered'), { recursive: true });
    const file = join(releases('tampered'), 'dev', 'trading-sqs-dev.template.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('1209600', '60'));
    const before = await stand();
    const { code, stderr } = await run('promote', '--local', '--retry', '--release', releases('tampered'));
    assert.equal(code, 1);
    assert.match(stderr, /changed: dev\/trading-sqs-dev\.template\.json\n.*Nothing was touched/s);
    assert.deepEqual(await stand(), before);
  });
});

describe('a promotion that is interrupted', () => {
  it('by a signal leaves no lock behind, and a plain one takes it to its end', async () => {
    second = await reviseRelease(releases('first'), releases('second'), {
      minute: 3,
      template: describeFunctions('Second release'),
    });
    const child = workspace.start('promote', '--local', '--release', releases('second'));
    child.stderr?.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('trading-vpc-dev')) child.kill('SIGTERM');
    });
    assert.equal((await collect(child)).code, 143);
    // Nothing waits for a lease to run out: the lock is free, and the ledger tells how far it got.
    assert.equal((await stand())['dev'], `deploying ${short(second)}`);
    const { code, stdout, stderr } = await run('promote', '--local', '--release', releases('second'));
    assert.equal(code, 0, stdout);
    assert.match(stderr, /dev was left deploying by .*: starting anew/);
    const all = `validated ${short(second)}`;
    assert.deepEqual(await stand(), { dev: all, staging: all, prod: all });
  });
});

describe('a rollback by hand', () => {
  it('brings the recorded bytes back, with the registry out of reach and another commit’s files around it', async () => {
    // Only account and region of the working tree count.
    const prod = readFileSync(join(root, 'environments/prod.json'), 'utf8');
    rmSync(join(root, 'cdk.out'), { recursive: true });
    for (const folder of ['infra', 'lambdas']) rmSync(join(root, folder), { recursive: true });
    workspace.edit('environments/prod.json', '"memoryMb": 2048', '"memoryMb": 3008');
    workspace.edit('environments/prod.json', '"requestsPerSecond": 2000', '"requestsPerSecond": 1000');
    writeFileSync(join(root, '.npmrc'), 'registry=http://127.0.0.1:9/\noffline=true\n');
    const rolledBack = await run('rollback', '--local', '--env', 'prod', '--reason', 'test');
    writeFileSync(join(root, 'environments/prod.json'), prod);
    assert.equal(rolledBack.code, 0, rolledBack.stdout + rolledBack.stderr);
    assert.match(rolledBack.stderr, /prod goes from .* back to .* What will change:[\s\S]*Description.*Second release/);

    const { current, hold } = await (await recordsOf('prod')).ledger.read();
    assert.equal(current.state, 'rolled-back');
    assert.equal(currentRelease(current)?.digest, first.environments['prod']?.digest);
    assert.equal(hold.hold?.reason, 'test');
    const { TemplateBody } = await placeOf('prod').clients.cloudformation.send(
      new GetTemplateCommand({ StackName: 'trading-lambda-prod', TemplateStage: 'Original' }),
    );
    const released = readFileSync(join(releases('first'), 'prod/trading-lambda-prod.template.json'), 'utf8');
    assert.deepEqual(JSON.parse(TemplateBody ?? ''), JSON.parse(released));
  });

  it('holds the environment: the next promotion stops there, and goes on once it is free', async () => {
    const stopped = await run('promote', '--local', '--release', releases('second'));
    assert.equal(stopped.code, 3);
    assert.match(stopped.stdout, /prod: refused\. prod is held by .*: test\. It goes on after: npm run resume/);
    assert.equal((await run('resume', '--local', '--env', 'prod', '--reason', 'mended')).code, 0);
    const again = await run('promote', '--local', '--release', releases('second'));
    assert.equal(again.code, 0, again.stdout);
    assert.equal((await stand())['prod'], `validated ${short(second)}`);
    assert.deepEqual((await events('prod')).slice(-7), [
      'held',
      'rollback-started',
      'rolled-back',
      'resumed',
      'deploy-started',
      'deploy-finished',
      'validated',
    ]);
  });
});

describe('destroying dev', () => {
  const Key = { orderId: { S: 'order-1' } };

  it('is refused while its bucket holds an object, and dev is as it was', async () => {
    const { clients } = placeOf('dev');
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'orders-dev', Item: Key }));
    const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand({}));
    const bucket = Buckets.find(({ Name }) => Name?.startsWith('trade-data-dev'))?.Name ?? '';
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'trades/1.json', Body: '{}' }));

    const refused = await run('destroy', '--local', '--env', 'dev', '--confirm', 'dev');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, new RegExp(`${bucket} holds`));
    assert.equal((await stand())['dev'], `validated ${short(second)}`);

    // As it says itself.
    const commands = refused.stderr.split('\n').filter((line) => /^ {4}aws .* s3api /.test(line));
    assert.equal(commands.length, 2);
    const [id = '', secret = ''] = [placeOf('dev').account.account, 'local'];
    const variables = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: 'us-east-1' };
    await shell('bash', ['-ec', commands.join('\n')], { cwd: root, env: { PATH: process.env['PATH'], ...variables } });
  });

  it('goes once it is empty: the backup holds the order, the store remains, nothing else does', async () => {
    const { clients } = placeOf('dev');
    const { code, document } = await json('destroy', '--local', '--env', 'dev', '--confirm', 'dev');
    assert.equal(code, 0, JSON.stringify(document));
    assert.deepEqual(document['remaining'], []);
    assert.equal((await stand())['dev'], 'empty');
    assert.deepEqual((await events('dev')).slice(-3), ['destroy-started', 'held', 'destroyed']);

    const [backup] = document['backups'] as { arn: string }[];
    await clients.dynamodb.send(
      new RestoreTableFromBackupCommand({ BackupArn: backup?.arn, TargetTableName: 'restored' }),
    );
    await clients.dynamodb.send(new DescribeTableCommand({ TableName: 'restored' }));
    const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName: 'restored' }));
    assert.ok(Items.some(({ orderId }) => orderId?.S === 'order-1'));
    const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand({}));
    assert.deepEqual(Buckets.map(({ Name }) => Name?.replace(/-123456789012.*/, '')).sort(), [
      'cdk-hnb659fds-assets',
      'gitops-releases',
    ]);
  });

  it('keeps the next promotion from deploying it again, until resume', async () => {
    const stopped = await run('promote', '--local', '--only', 'dev', '--release', releases('first'), '--retry');
    assert.equal(stopped.code, 3, stopped.stdout);
    assert.match(stopped.stdout, /dev is held by .*: destroyed: .*npm run resume -- --env dev/);
    assert.equal((await stand())['dev'], 'empty');
  });
});
