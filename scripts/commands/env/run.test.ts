import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { loadEnvironments } from '../../../environments/load.ts';
import type { Target } from '../../adapters/target.ts';
import { run } from './run.ts';

const [dev, prod] = ['dev', 'prod'].map((name) => loadEnvironments().find((e) => e.name === name)) as [
  EnvironmentConfig,
  EnvironmentConfig,
];
const createLocalTarget = async (environment: EnvironmentConfig): Promise<Target> => ({
  environment,
  account: environment.account,
  region: environment.region,
  emulator: {
    endpoint: 'http://127.0.0.1:4567',
    credentials: { accessKeyId: environment.account, secretAccessKey: 'local' },
  },
  unanswerable: [],
});

/** What a shell that has other settings answers after taking over the text. */
function inShell(text: string, command: string): string {
  return execFileSync('sh', ['-c', `${text}\n${command}`], {
    env: { PATH: process.env['PATH'], AWS_ENDPOINT_URL: 'http://old', AWS_PROFILE: 'old', AWS_SESSION_TOKEN: 'old' },
    encoding: 'utf8',
  }).trim();
}

test('a shell is aimed at the emulated account, whatever it was aimed at before', async () => {
  const { text, document } = await run({ environments: [dev], local: true }, { createLocalTarget, aws: '/bin/echo' });
  assert.equal(
    inShell(text, 'echo "$AWS_ENDPOINT_URL $AWS_REGION $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY"'),
    `http://127.0.0.1:4567 ${dev.region} ${dev.account} local`,
  );
  assert.equal(inShell(text, 'echo "[$AWS_PROFILE$AWS_SESSION_TOKEN]"'), '[]');
  assert.equal(inShell(text, 'aws sqs list-queues'), '--endpoint-url http://127.0.0.1:4567 sqs list-queues');
  assert.equal(document['aws'], '/bin/echo');
  assert.equal((document['variables'] as Record<string, string>)['AWS_ENDPOINT_URL'], 'http://127.0.0.1:4567');
});

test('a session is handed over with its token', async () => {
  const emulator = {
    endpoint: 'http://127.0.0.1:4567',
    credentials: { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token' },
    signedBy: 'environment' as const,
  };
  const session = async (environment: EnvironmentConfig): Promise<Target> => ({
    ...(await createLocalTarget(environment)),
    emulator,
  });
  const { text } = await run({ environments: [dev], local: true }, { createLocalTarget: session, aws: 'aws' });
  assert.equal(
    inShell(text, 'echo "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN [$AWS_PROFILE]"'),
    'ASIA1 secret token []',
  );
});

test('a path with spaces and quotes stays one word', async () => {
  const { text } = await run({ environments: [dev], local: true }, { createLocalTarget, aws: "/it's here/aws" });
  assert.match(inShell(`${text}\n`, 'aws x 2>&1 || true'), /it's here\/aws/);
});

test('for AWS it sets the region, takes an endpoint away and leaves credentials alone', async () => {
  const { text } = await run({ environments: [prod], local: false }, { createLocalTarget, aws: 'aws' });
  assert.equal(inShell(text, 'echo "[$AWS_ENDPOINT_URL] $AWS_REGION $AWS_PROFILE"'), `[] ${prod.region} old`);
});

test('more than one environment is refused', async () => {
  await assert.rejects(
    run({ environments: [dev, prod], local: true }, { createLocalTarget, aws: 'aws' }),
    /one with --env/,
  );
});
