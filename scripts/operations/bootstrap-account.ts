/**
 * Prepares an account for releases: PipelineStack, which serves all environments of the account, then CDK's bootstrap
 * stack in each region in use, with the policy for CloudFormation that PipelineStack made. Repeated, it changes only what
 * differs.
 *
 * A template that is too long to be sent along has to travel through the bucket of a bootstrap stack. An account that has
 * none gets it first, with a policy that allows nothing, so that at no time CloudFormation may do everything.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineHome } from '../../environments/accounts.ts';
import { EXECUTION_POLICY_OUTPUT, PIPELINE_STACK } from '../../environments/naming.ts';
import type { AwsClients, Destination } from '../adapters/aws-clients.ts';
import type { synthesize } from '../adapters/cdk-app/synthesize.ts';
import { describeStack } from '../adapters/cloudformation/describe-stacks.ts';
import type { BootstrapOptions, ToolkitOptions } from '../adapters/toolkit/toolkit.ts';
import { type StackResult, succeeded } from '../core/deployment/stack-result.ts';
import { partitionOf } from '../core/partition.ts';
import type { Task } from '../core/progress.ts';
import { withPipelineAssembly } from './pipeline-assembly.ts';

/** Quota of a template that is sent along: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const INLINE_LIMIT_BYTES = 51_200;
/** What CDK names the stack `bootstrap` makes. */
const BOOTSTRAP_STACK = 'CDKToolkit';

export interface BootstrapAccountInput {
  /** The repository's root. */
  readonly root: string;
  readonly home: PipelineHome;
  /** Regions to bootstrap; the home's own is among them whether named or not. */
  readonly regions: readonly string[];
  /** Set for an emulated account. */
  readonly emulator?: Destination['emulator'];
  readonly task: Task;
  /** Takes what the toolkit warns of. */
  readonly warn: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface Dependencies {
  readonly synthesize: typeof synthesize;
  readonly clients: { for(destination: Destination): Pick<AwsClients, 'iam' | 'cloudformation'> };
  readonly toolkits: { for(destination: Destination): Toolkit };
}

interface Toolkit {
  deploy(assembly: string, options: ToolkitOptions): Promise<readonly StackResult[]>;
  bootstrap(options: BootstrapOptions): Promise<StackResult>;
}

/** A stack, and the region it is in. */
export type RegionalResult = StackResult & { readonly region: string };

export interface BootstrappedAccount {
  readonly account: string;
  /** Every stack, in the order they were made. */
  readonly stacks: readonly RegionalResult[];
  readonly ok: boolean;
}

/**
 * Failed stacks are part of the result.
 * @throws SynthFailedError, ToolkitRefusedError
 */
export async function bootstrapAccount(input: BootstrapAccountInput, deps: Dependencies): Promise<BootstrappedAccount> {
  const { home, emulator, task, warn, signal } = input;
  const bootstrap = async (region: string, policy: string): Promise<RegionalResult> => {
    const toolkit = deps.toolkits.for({ account: home.account, region, emulator });
    const result = await toolkit.bootstrap({ task: task.child(region), warn, signal, executionPolicies: [policy] });
    return { ...result, region };
  };
  const report = (stacks: readonly RegionalResult[]): BootstrappedAccount => {
    return { account: home.account, stacks, ok: stacks.every(succeeded) };
  };

  // 1. PipelineStack, with a bucket for its template where it needs one
  const atHome = { account: home.account, region: home.region, emulator };
  const pipeline = await withPipelineAssembly(input, deps, async (assembly) => {
    const prepared = (await needsBucket(assembly, deps.clients.for(atHome)))
      ? [await bootstrap(home.region, `arn:${partitionOf(home.region)}:iam::aws:policy/AWSDenyAll`)]
      : [];
    if (!prepared.every(succeeded)) return prepared;
    const deployed = await deps.toolkits.for(atHome).deploy(assembly, { task, warn, signal });
    return [...prepared, ...deployed.map((result) => ({ ...result, region: home.region }))];
  });
  if (!pipeline.every(succeeded)) return report(pipeline);

  // 2. The bootstrap stacks, with the policy it made
  const policy = policyOf(pipeline);
  const regions = [...new Set([home.region, ...input.regions])];
  const bootstrapped = await Promise.all(regions.map((region) => bootstrap(region, policy)));
  return report([...pipeline, ...bootstrapped]);
}

/** Whether the template is too long to be sent along, and there is no bucket yet it could travel through. */
async function needsBucket(assembly: string, { cloudformation }: Pick<AwsClients, 'cloudformation'>): Promise<boolean> {
  // As it lies here it has more spaces in it than as it is sent: erring means one bootstrap too many.
  const template = await readFile(join(assembly, `${PIPELINE_STACK}.template.json`));
  if (template.byteLength <= INLINE_LIMIT_BYTES) return false;
  const { state } = await describeStack(cloudformation, BOOTSTRAP_STACK);
  return state === 'ABSENT';
}

function policyOf(pipeline: readonly RegionalResult[]): string {
  const policy = pipeline.map(({ outputs }) => outputs?.[EXECUTION_POLICY_OUTPUT]).find((value) => value !== undefined);
  if (policy === undefined) throw new RangeError(`${PIPELINE_STACK} has no output ${EXECUTION_POLICY_OUTPUT}`);
  return policy;
}
