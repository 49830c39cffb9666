/**
 * Whether an account is prepared for its environments: what PipelineStack and CDK's bootstrap stacks make, beside what this
 * working tree would make. Reads only, with whatever credentials look.
 */

import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetOpenIDConnectProviderCommand, GetPolicyCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { PipelineHome } from '../../../environments/accounts.ts';
import {
  EXECUTION_POLICY,
  PIPELINE_STACK,
  RELEASE_STORE_PARAMETER,
  ROLE_BOUNDARY,
} from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import {
  bootstrapExpectations,
  type PipelineTemplate,
  pipelineChecks,
  providerExpectations,
  roleChecks,
  roleNames,
  storeExpectations,
} from '../../core/doctor/account.ts';
import { partitionOf } from '../../core/partition.ts';
import { assessPresent } from '../../core/validation/assess.ts';
import { missing, type Observation } from '../../core/validation/observation.ts';
import type { References } from '../../core/validation/template-values.ts';
import type { AwsClients, Destination } from '../aws-clients.ts';
import { describeStack } from '../cloudformation/describe-stacks.ts';
import { readDeployedTemplate } from '../plan/deployed-template.ts';
import { observe } from '../probes/observe.ts';
import { decodedPolicy } from '../probes/roles.ts';

/** What CDK names the stack `bootstrap` makes. */
const BOOTSTRAP_STACK = 'CDKToolkit';
const ISSUER = 'token.actions.githubusercontent.com';

export interface AccountInput {
  readonly home: PipelineHome;
  /** Names of the environments to look at; all in this account. */
  readonly environments: readonly string[];
  /** Regions that have to be bootstrapped. */
  readonly regions: readonly string[];
  readonly emulator?: Destination['emulator'];
  /** PipelineStack as this working tree makes it; unanswered where it can't be made. */
  readonly pipeline: Observation<PipelineTemplate>;
}

export interface Clients {
  for(destination: Destination): Pick<AwsClients, 'iam' | 'cloudformation' | 'ssm' | 's3'>;
}

export async function examineAccount(input: AccountInput, clients: Clients): Promise<readonly Check[]> {
  const { home, emulator } = input;
  const atHome = clients.for({ account: home.account, region: home.region, emulator });
  const checks = await Promise.all([
    provider(input, atHome),
    pipelineStack(input, atHome),
    roles(input, atHome),
    ...[EXECUTION_POLICY, ROLE_BOUNDARY].map((name) => policy(name, input, atHome)),
    releaseStore(input, atHome),
    ...input.regions.map((region) =>
      bootstrapStack(region, input, clients.for({ account: home.account, region, emulator })),
    ),
  ]);
  return checks.flat();
}

const remedyOf = ({ environments }: AccountInput): string => {
  const [first] = environments;
  return `npm run bootstrap -- --env ${first}, with an administrator's credentials of the account.`;
};

const arn = ({ home }: AccountInput, resource: string): string =>
  `arn:${partitionOf(home.region)}:iam::${home.account}:${resource}`;

type AtHome = ReturnType<Clients['for']>;

async function provider(input: AccountInput, { iam }: AtHome): Promise<Check[]> {
  const found = await observe(async (options) => {
    const request = { OpenIDConnectProviderArn: arn(input, `oidc-provider/${ISSUER}`) };
    const { ClientIDList = [] } = await iam.send(new GetOpenIDConnectProviderCommand(request), options);
    return ClientIDList;
  });
  const remedy = remedyOf(input);
  return assessPresent({ name: ISSUER }, 'provider.present', found, providerExpectations(remedy), remedy);
}

async function pipelineStack(input: AccountInput, { cloudformation }: AtHome): Promise<readonly Check[]> {
  const found = await observe(async ({ abortSignal }) => {
    const { state } = await describeStack(cloudformation, PIPELINE_STACK, abortSignal);
    if (state === 'ABSENT') return undefined;
    return { state, template: await readDeployedTemplate(cloudformation, PIPELINE_STACK, abortSignal) };
  });
  return pipelineChecks({
    name: PIPELINE_STACK,
    found: absentIsMissing(found),
    wanted: input.pipeline,
    remedy: remedyOf(input),
  });
}

async function roles(input: AccountInput, { iam, cloudformation }: AtHome): Promise<Check[]> {
  const { pipeline, environments, home } = input;
  const references: References = {
    'AWS::Partition': partitionOf(home.region),
    'AWS::AccountId': home.account,
    'AWS::Region': home.region,
    ...(await physicalIds(cloudformation)),
  };
  const found = await Promise.all(
    roleNames(environments).map(async (name) => {
      const trust = await observe(async (options) => {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }), options);
        return decodedPolicy(Role?.AssumeRolePolicyDocument);
      });
      return { name, trust };
    }),
  );
  return found.flatMap(({ name, trust }) => roleChecks({ name, trust, pipeline, references, remedy: remedyOf(input) }));
}

/** What the stack's references stand for; nothing of a stack that is not there, or may not be seen. */
async function physicalIds(cloudformation: AtHome['cloudformation']): Promise<References> {
  const found = await observe(async (options) => {
    const command = new DescribeStackResourcesCommand({ StackName: PIPELINE_STACK });
    const { StackResources = [] } = await cloudformation.send(command, options);
    return StackResources;
  });
  if (found.state !== 'observed') return {};
  return Object.fromEntries(
    found.value.flatMap(({ LogicalResourceId: id, PhysicalResourceId: value }) => (id && value ? [[id, value]] : [])),
  );
}

async function policy(name: string, input: AccountInput, { iam }: AtHome): Promise<Check[]> {
  const found = await observe((options) =>
    iam.send(new GetPolicyCommand({ PolicyArn: arn(input, `policy/${name}`) }), options),
  );
  return assessPresent({ name }, 'policy.present', found, [], remedyOf(input));
}

async function releaseStore(input: AccountInput, { ssm, s3 }: AtHome): Promise<Check[]> {
  const found = await observe(async (options) => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: RELEASE_STORE_PARAMETER }), options);
    const Bucket = Parameter?.Value ?? '';
    return (await s3.send(new GetBucketVersioningCommand({ Bucket }), options)).Status;
  });
  const remedy = remedyOf(input);
  return assessPresent({ name: RELEASE_STORE_PARAMETER }, 'store.present', found, storeExpectations(remedy), remedy);
}

async function bootstrapStack(region: string, input: AccountInput, { cloudformation }: AtHome): Promise<Check[]> {
  const found = await observe(async ({ abortSignal }) => {
    const stack = await describeStack(cloudformation, BOOTSTRAP_STACK, abortSignal);
    return stack.state === 'ABSENT' ? undefined : stack;
  });
  const remedy = remedyOf(input);
  const expectations = bootstrapExpectations(arn(input, `policy/${EXECUTION_POLICY}`), remedy);
  const subject = { name: `${BOOTSTRAP_STACK} in ${region}` };
  return assessPresent(subject, 'bootstrap.present', absentIsMissing(found), expectations, remedy);
}

const absentIsMissing = <T>(found: Observation<T | undefined>): Observation<T> =>
  found.state === 'observed' && found.value === undefined ? missing : (found as Observation<T>);
