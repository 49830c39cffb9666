/** A PipelineStack for tests: two environments in one account, in two regions, of a repository whose ids are known. */
import { pipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { PipelineStack } from '../stacks/pipeline-stack.ts';
import type { FleetTemplate } from './fleet.ts';
import { TemplatePolicies } from './iam.ts';
import { testEnvironment } from './test-environment.ts';
import { stackProps, TEST_REPOSITORY, testApp } from './test-stack.ts';

const first = testEnvironment({ name: 'one' });
const second = testEnvironment({
  name: 'two',
  region: 'eu-west-2',
  promotion: { after: 'one', approval: false, freeze: null },
});

export const SAMPLE = {
  account: first.account,
  one: first,
  two: second,
  repository: TEST_REPOSITORY,
  ids: { owner: '1001', repository: '2002' },
} as const;

/** @param repositoryIds left out: not configured */
export function samplePipeline(repositoryIds?: { owner: string; repository: string }): {
  template: FleetTemplate;
  policies: TemplatePolicies;
} {
  const app = testApp();
  const home = pipelineHome([first, second], { CDK_DEFAULT_ACCOUNT: first.account });
  new PipelineStack(app, 'PipelineStack', { ...stackProps(first), home, ...(repositoryIds && { repositoryIds }) });
  const template = app.synth().stacks[0]?.template as FleetTemplate;
  return { template, policies: new TemplatePolicies(template, first.account) };
}

/** PipelineStack of the account of the last of these. @param environments all of them, in the order of promotion */
export function pipelineOf(environments: readonly EnvironmentConfig[]): FleetTemplate {
  const last = environments.at(-1) ?? first;
  const app = testApp();
  const home = pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: last.account });
  new PipelineStack(app, 'PipelineStack', { ...stackProps(last), home });
  return app.synth().stacks[0]?.template as FleetTemplate;
}
