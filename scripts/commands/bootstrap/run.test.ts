/** `bootstrap`: which accounts and regions it prepares, and what it says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { PlainReporter } from '../../adapters/reporter/plain.ts';
import type { Target } from '../../adapters/target.ts';
import type { BootstrapAccountInput } from '../../operations/bootstrap-account.ts';
import { run } from './run.ts';

const SHARED = '123456789012';
// dev and staging in one account, in two regions.
const environments = loadEnvironments({ variables: { CDK_STAGING_ACCOUNT: SHARED } });
const targets: readonly Target[] = environments.map((environment) => ({
  environment,
  account: environment.account,
  region: environment.region,
  unanswerable: [],
}));

async function start(failing?: string) {
  const asked: BootstrapAccountInput[] = [];
  const result = await run(
    { root: '/r', targets, environments },
    {
      reporter: new PlainReporter({ write: () => {} }, () => 0),
      bootstrapAccount: async (input) => {
        asked.push(input);
        const { account, region } = input.home;
        const ok = account !== failing;
        const stack = { stack: 'PipelineStack', region, seconds: 1 };
        return {
          account,
          ok,
          stacks: [ok ? { ...stack, status: 'created' } : { ...stack, status: 'failed', reason: 'no rights' }],
        };
      },
    },
  );
  return { result, asked };
}

describe('bootstrap', () => {
  it('prepares each account once, with all its regions and environments', async () => {
    const { result, asked } = await start();
    assert.deepEqual(
      asked.map(({ home, regions }) => [home.account, home.region, home.environments.map(({ name }) => name), regions]),
      [
        [SHARED, 'us-east-1', ['dev', 'staging'], ['us-east-1', 'us-east-2']],
        ['345678901234', 'us-east-1', ['prod'], ['us-east-1']],
      ],
    );
    assert.equal(result.exitCode, 0);
    assert.match(result.text, /│ 123456789012 │ us-east-1 │ PipelineStack │ created │/);
  });

  it('ends 1 with the reason when a stack fails', async () => {
    const { result } = await start(SHARED);
    assert.equal(result.exitCode, 1);
    assert.match(result.text, /PipelineStack: no rights/);
    assert.deepEqual(result.cause, {
      code: 'ACCOUNTS_NOT_PREPARED',
      message:
        'account 123456789012, us-east-1: PipelineStack: no rights\n' +
        'Mend that, then run bootstrap again: what is done stays as it is.',
    });
  });
});
