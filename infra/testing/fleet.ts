/** Every stack there is, of every environment and account, made once for the tests that look at all of them. */
import type { App, Stack } from 'aws-cdk-lib';
import { pipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { PIPELINE_STACK } from '../../environments/naming.ts';
import { addEnvironmentStacks } from '../stacks/environment-stacks.ts';
import { PipelineStack } from '../stacks/pipeline-stack.ts';
import { stackProps, TEST_BUNDLES, testApp } from './test-stack.ts';

export interface FleetStack {
  readonly environment: EnvironmentConfig;
  readonly app: App;
  readonly stack: Stack;
  readonly template: FleetTemplate;
}

export interface FleetTemplate {
  readonly Resources: Readonly<Record<string, FleetResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Export?: unknown }>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
}

export interface FleetResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** The environments as they are in the folder: overrides of the machine must not change what tests compare. */
export const fleetEnvironments = (): EnvironmentConfig[] => loadEnvironments({ variables: {} });

/** All stacks of all environments, and for each environment the PipelineStack of its account. */
export function makeFleet(): FleetStack[] {
  const environments = fleetEnvironments();
  return environments.flatMap((environment) => {
    const app = testApp();
    addEnvironmentStacks(app, { ...stackProps(environment), bundles: TEST_BUNDLES });
    const pipeline = testApp();
    const home = pipelineHome(environments, { CDK_DEFAULT_ACCOUNT: environment.account });
    new PipelineStack(pipeline, PIPELINE_STACK, { ...stackProps(environment), home });
    return [app, pipeline].flatMap((own) =>
      own.synth().stacks.map((artifact) => ({
        environment,
        app: own,
        stack: own.node.findChild(artifact.id) as Stack,
        template: artifact.template as FleetTemplate,
      })),
    );
  });
}
