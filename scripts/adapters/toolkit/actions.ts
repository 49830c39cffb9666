/**
 * What the toolkit's thread can do: deploy the stacks of an assembly, and bootstrap an account's region.
 */
import {
  BootstrapEnvironments,
  BootstrapStackParameters,
  type ICloudAssemblySource,
  StackSelectionStrategy,
  type StackSelector,
  type Toolkit,
} from '@aws-cdk/toolkit-lib';
import type { StackResult } from '../../core/deployment/stack-result.ts';
import { readStacks } from '../cdk-app/assembly.ts';
import { plainText } from '../reporter/text.ts';
import { inDependencyOrder } from './in-dependency-order.ts';
import type { BootstrapRequest, DeployRequest, StackEvent, ThreadSettings } from './protocol.ts';
import type { StackWatch, Watched } from './stack-watch.ts';

export interface Tools {
  readonly toolkit: Toolkit;
  readonly watch: StackWatch;
  readonly settings: ThreadSettings;
  readonly emit: (event: StackEvent) => void;
}

/** What CDK names the stack `bootstrap` makes. */
const BOOTSTRAP_STACK = 'CDKToolkit';

/** Deploys every stack of the assembly. Failures of stacks are results, not errors. */
export async function deploy(tools: Tools, { assembly, revertDrift }: DeployRequest): Promise<readonly StackResult[]> {
  const { toolkit, settings } = tools;
  const stacks = await readStacks(assembly);
  return await withAssembly(toolkit, assembly, (source) =>
    inDependencyOrder(stacks, settings.concurrency, (name) =>
      attempt(tools, name, async (watched) => {
        const { stacks: deployed } = await toolkit.deploy(source, {
          stacks: only(name),
          // A plain change set compares templates alone: with an unchanged one it would do nothing.
          deploymentMethod: { method: 'change-set', revertDrift: revertDrift.includes(name) },
          stackEventPollingInterval: settings.pollMs,
        });
        return { status: watched.deployed, outputs: deployed[0]?.outputs ?? {} };
      }),
    ),
  );
}

/** Makes or updates CDK's bootstrap stack. Settings of an earlier bootstrap stay unless given here. */
export async function bootstrap(tools: Tools, request: BootstrapRequest): Promise<readonly StackResult[]> {
  const { account, region, executionPolicies } = request;
  const result = await attempt(tools, BOOTSTRAP_STACK, async (watched) => {
    const { environments } = await tools.toolkit.bootstrap(
      BootstrapEnvironments.fromList([`aws://${account}/${region}`]),
      {
        parameters: BootstrapStackParameters.withExisting(
          executionPolicies.length > 0 ? { cloudFormationExecutionPolicies: [...executionPolicies] } : {},
        ),
      },
    );
    const unchanged = environments.every(({ status }) => status === 'no-op');
    return { status: unchanged ? 'unchanged' : watched.deployed };
  });
  return [result];
}

/** Runs one stack's operation: times it, reports its start and end, and turns an error into a result. */
async function attempt(
  { watch, emit }: Tools,
  stack: string,
  work: (watched: Watched) => Promise<Omit<StackResult, 'stack' | 'seconds'>>,
): Promise<StackResult> {
  const started = performance.now();
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  emit({ kind: 'started', stack });
  const result = await watch.during(stack, async (watched): Promise<StackResult> => {
    try {
      return { stack, ...(await work(watched)), seconds: seconds() };
    } catch (error) {
      return { stack, status: 'failed', reason: watched.cause ?? reasonOf(error, watched), seconds: seconds() };
    }
  });
  emit({ kind: 'ended', stack, result });
  return result;
}

/**
 * The innermost error says most: the toolkit wraps each in another with the stack's name and a symbol before it. Where
 * that has no words, as with assets that can't be uploaded, the last error message has them.
 */
function reasonOf(error: unknown, { name, lastError }: Watched): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const message =
    plainText(inner instanceof Error ? inner.message : String(inner)).trim() || lastError || 'no reason given';
  const prefix = `${name}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}

const only = (name: string): StackSelector => ({
  strategy: StackSelectionStrategy.PATTERN_MUST_MATCH_SINGLE,
  patterns: [name],
});

/** Reads the assembly once for all stacks; it is locked against a synth meanwhile. */
async function withAssembly<T>(
  toolkit: Toolkit,
  folder: string,
  work: (source: ICloudAssemblySource) => Promise<T>,
): Promise<T> {
  const assembly = await toolkit.synth(await toolkit.fromAssemblyDirectory(folder), { validateStacks: false });
  try {
    return await work(assembly);
  } finally {
    await assembly.dispose();
  }
}
