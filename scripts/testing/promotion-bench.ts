/**
 * One emulated account with a release store, and small releases to promote in it: real ledger, lock, store, toolkit and
 * stacks; only the validation's verdict is the test's to say. Gone when the tests are over.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { RELEASE_STORE_PARAMETER } from '../../environments/naming.ts';
import { AwsClientPool } from '../adapters/aws-clients.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Target } from '../adapters/target.ts';
import { ToolkitPool } from '../adapters/toolkit/toolkit-pool.ts';
import type { Check } from '../core/check.ts';
import { judge } from '../core/check.ts';
import type { Reporter, Task } from '../core/progress.ts';
import type { Release } from '../core/release/release.ts';
import type { PromoteEnvironmentDependencies, PromoteEnvironmentInput } from '../operations/promote-environment.ts';
import { openSite, type Site } from '../operations/site.ts';
import { Timeline } from '../operations/timeline.ts';
import { parameter, type TestStack, writeTestRelease } from './assembly.ts';
import { emulatedStack } from './emulated-stack.ts';
import { type Owner, type TestAccount, withEmulatedAccount } from './emulator.ts';

export interface PromotionBench {
  readonly account: TestAccount;
  readonly site: Site;
  /** Of the repository's `dev`. */
  readonly environment: EnvironmentConfig;
  /** A release of dev that sets the parameter `/bench/value`, and what else is asked for. */
  release(value: string, more?: ReleaseOptions): Promise<{ release: Release; folder: string }>;
  /** What `/bench/value` is. */
  value(): Promise<string>;
  /** Lines people saw. */
  readonly lines: string[];
  /** Answers each validation in turn: 'pass', 'fail', or something to do; 'pass' when none is left. */
  readonly verdicts: ('pass' | 'fail' | (() => Promise<'pass' | 'fail'>))[];
  input(
    release: { release: Release; folder: string },
    more?: Partial<PromoteEnvironmentInput>,
  ): PromoteEnvironmentInput;
  readonly deps: PromoteEnvironmentDependencies;
}

export interface ReleaseOptions {
  readonly stacks?: Readonly<Record<string, TestStack>>;
  readonly dirty?: boolean;
  readonly stage?: 'development' | 'production';
}

const STACK = 'trading-sqs-dev';
const ACCOUNT = '123456789012';

export async function withPromotionBench(owner: Owner): Promise<PromotionBench> {
  const account = await withEmulatedAccount(owner, { account: ACCOUNT, environments: ['dev'] });
  const workspace = await mkdtemp(join(tmpdir(), 'promotion-bench-'));
  owner.after(() => rm(workspace, { recursive: true, force: true }));
  await emulatedStack(account, 'store').put({
    Store: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: 'releases-bench', VersioningConfiguration: { Status: 'Enabled' } },
    },
    Name: parameter(RELEASE_STORE_PARAMETER, 'releases-bench'),
  });
  const [environment] = loadEnvironments({ variables: {} });
  if (environment === undefined) throw new Error('there is no environment');
  const target: Target = {
    environment,
    account: ACCOUNT,
    region: environment.region,
    emulator: { endpoint: account.endpoint, credentials: account.client.credentials },
    unanswerable: [],
  };
  const toolkits = new ToolkitPool();
  owner.after(() => toolkits.close());
  const lines: string[] = [];
  const reporter = recordingReporter(lines);
  const clients = new AwsClientPool();
  const site = await openSite(target, [environment], {
    clients,
    clock: systemClock,
    warn: (text) => lines.push(text),
  });
  const verdicts: PromotionBench['verdicts'] = [];
  let count = 0;
  return {
    account,
    site,
    environment,
    lines,
    verdicts,
    release: async (value, { stacks = {}, ...more } = {}) => {
      count += 1;
      const folder = join(workspace, String(count));
      const place = { account: ACCOUNT, region: environment.region };
      const own = { [STACK]: { resources: { Value: parameter('/bench/value', value) } } };
      return { folder, release: await writeTestRelease(folder, place, { ...own, ...stacks }, more) };
    },
    value: async () => {
      const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
      const { Parameter } = await site.clients.ssm.send(new GetParameterCommand({ Name: '/bench/value' }));
      return Parameter?.Value ?? '';
    },
    input: (release, more = {}) => ({
      ...release,
      site,
      predecessor: null,
      options: { retry: false, overrideFreeze: null, local: true, enforceFreeze: false },
      by: 'ada@laptop',
      waitSeconds: 0,
      task: SILENT,
      reporter,
      timeline: new Timeline(() => performance.now()),
      signal: new AbortController().signal,
      ...more,
    }),
    deps: {
      clock: systemClock,
      toolkitFor: (destination) => toolkits.for(destination),
      onExit: () => () => {},
      baselines: { keep: async () => {}, read: async () => undefined },
      validate: async ({ signal }) => {
        const next = verdicts.shift() ?? 'pass';
        const status = typeof next === 'string' ? next : await next();
        signal?.throwIfAborted();
        const check: Check = {
          id: 'bench',
          subject: 'dev',
          status,
          expected: 1,
          actual: 1,
          detail: 'as the test says',
        };
        return { checks: [check], verdict: judge([check], []) };
      },
    },
  };
}

const SILENT: Task = { update: () => {}, done: () => {}, fail: () => {}, child: () => SILENT };

const recordingReporter = (lines: string[]): Reporter => ({
  task: () => SILENT,
  info: (text) => void lines.push(text),
  warn: (text) => void lines.push(text),
});
