/**
 * Reads the stacks of an environment for the release detector: those that are expected, and all others that belong to it
 * by their tags or by their names.
 */
import {
  type CloudFormationClient,
  CloudFormationServiceException,
  paginateDescribeStacks,
} from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../core/clock.ts';
import type { FoundDeployment, FoundStack } from '../../core/drift/compare-release.ts';
import type { StackResource } from '../../core/drift/drift-check.ts';
import { type DescribedStack, describeEnvironmentStacks } from '../cloudformation/describe-stacks.ts';
import { type ListedResource, listResources } from '../cloudformation/list-resources.ts';
import { readDeployedTemplate, TemplateUnreadableError } from '../plan/deployed-template.ts';
import { patiently, sideBySide } from './patience.ts';

const AT_ONCE = 8;
const PATIENCE_MS = 5 * 60_000;

export interface DeployedStacks {
  /** One for each expected name, in that order. */
  readonly expected: readonly FoundStack[];
  /** Names, sorted. */
  readonly unexpected: readonly string[];
}

export interface DeployedStacksInput {
  readonly client: CloudFormationClient;
  readonly environment: string;
  /** Names of all environments: `trading-vpc-prod-eu` is no stack of `eu`. */
  readonly environments: readonly string[];
  readonly expected: readonly string[];
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

export async function readDeployedStacks(input: DeployedStacksInput): Promise<DeployedStacks> {
  const { client, environment, expected, signal } = input;
  const [stacks, named] = await Promise.all([
    describeEnvironmentStacks(client, { environment, expected }),
    namesOfEnvironment(input),
  ]);
  const unexpected = [...stacks.unexpected.filter(isThere).map(({ name }) => name), ...named];
  return {
    expected: await sideBySide(stacks.expected, AT_ONCE, async (stack) => ({
      name: stack.name,
      deployed: isThere(stack) ? await readDeployment(client, stack, signal) : undefined,
    })),
    unexpected: [...new Set(unexpected)].filter((name) => !expected.includes(name)).sort(),
  };
}

/** Stacks somebody made by hand bear our tags seldom, and our names often. */
async function namesOfEnvironment({ client, environment, environments }: DeployedStacksInput): Promise<string[]> {
  const names: string[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    names.push(
      ...Stacks.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(({ StackName = '' }) => StackName),
    );
  }
  const owner = (name: string): string | undefined =>
    environments.filter((each) => name.endsWith(`-${each}`)).sort((a, b) => b.length - a.length)[0];
  return names.filter((name) => name.startsWith('trading-') && owner(name) === environment);
}

const isThere = ({ state }: DescribedStack): boolean =>
  state !== 'ABSENT' && state !== 'DELETE_COMPLETE' && state !== 'REVIEW_IN_PROGRESS';

async function readDeployment(
  client: CloudFormationClient,
  { name, parameters, tags, updatedAt, createdAt }: DescribedStack,
  signal: AbortSignal | undefined,
): Promise<FoundDeployment> {
  const deployedAt = (updatedAt ?? createdAt)?.toISOString() ?? null;
  return { template: await readTemplate(client, name, signal), parameters, tags, deployedAt };
}

async function readTemplate(
  client: CloudFormationClient,
  name: string,
  signal: AbortSignal | undefined,
): Promise<FoundDeployment['template']> {
  try {
    return await readDeployedTemplate(client, name, signal);
  } catch (error) {
    // Neither JSON nor YAML: nothing in it is as released.
    if (error instanceof TemplateUnreadableError) return {};
    if (error instanceof CloudFormationServiceException) return `${error.name}: ${error.message}`;
    throw error;
  }
}

/** Every resource that is there, of the stacks that are. */
export async function readStackResources(
  client: CloudFormationClient,
  stacks: readonly string[],
  { clock, signal }: Pick<DeployedStacksInput, 'clock' | 'signal'>,
): Promise<StackResource[]> {
  const patience = { clock, deadline: clock.now() + PATIENCE_MS, signal };
  const listed = await sideBySide(stacks, AT_ONCE, (name) =>
    patiently(() => listResources(client, name, signal), patience),
  );
  return listed.flat().filter(exists).map(toStackResource);
}

const exists = ({ status }: ListedResource): boolean => !/^DELETE_(COMPLETE|SKIPPED)$/.test(status);

const toStackResource = ({ stackName, logicalId, physicalId, type }: ListedResource): StackResource => ({
  stack: stackName,
  logicalId,
  id: physicalId,
  type,
});
