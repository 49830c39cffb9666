/** All stacks there are, held against the guardrails: clean runs of the app leave no report, so they are counted here. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pipelineHome } from '../environments/accounts.ts';
import { addEnvironmentStacks } from './stacks/environment-stacks.ts';
import { PipelineStack } from './stacks/pipeline-stack.ts';
import { findingsOf } from './testing/findings.ts';
import { fleetEnvironments } from './testing/fleet.ts';
import { stackProps, TEST_BUNDLES, testApp } from './testing/test-stack.ts';

describe('our own stacks', () => {
  const environments = fleetEnvironments();

  for (const environment of environments) {
    it(`of ${environment.name} break no rule`, () => {
      const app = testApp();
      addEnvironmentStacks(app, { ...stackProps(environment), bundles: TEST_BUNDLES });
      assert.deepEqual(findingsOf(app), []);
    });
  }

  it('of an account break no rule, whoever lives in it', () => {
    const account = '111122223333';
    const home = pipelineHome(
      environments.map((one) => ({ ...one, account })),
      { CDK_DEFAULT_ACCOUNT: account },
    );
    assert.equal(home.environments.length, environments.length);
    const [environment] = home.environments;
    assert.ok(environment);
    const app = testApp();
    new PipelineStack(app, 'PipelineStack', { ...stackProps(environment), home });
    assert.deepEqual(findingsOf(app), []);
  });
});
