/**
 * Prepares an account for releases: CDK's bootstrap stack in each region in use, then PipelineStack, which serves all
 * environments of the account. Repeated, it changes only what differs.
 *
 * The bootstrap stack comes first: PipelineStack's template travels through its bucket.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PipelineHome } from '../../environments/accounts.ts';
import type { AwsClients, Destination } from '../adapters/aws-clients.ts';
import type { synthesize } from '../adapters/cdk-app/synthesize.ts';
import { findForeignGitHubProvider } from '../adapters/github-provider.ts';
import type { ToolkitOptions } from '../adapters/toolkit/toolkit.ts';
import { type StackResult, succeeded } from '../core/deployment/stack-result.ts';
import type { Task } from '../core/progress.ts';

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
  bootstrap(options: ToolkitOptions): Promise<StackResult>;
}

export interface BootstrappedAccount {
  readonly account: string;
  /** Every stack, with the region it is in. */
  readonly stacks: readonly (StackResult & { readonly region: string })[];
  readonly ok: boolean;
}

/**
 * Failed stacks are part of the result.
 * @throws SynthFailedError, ToolkitRefusedError
 */
export async function bootstrapAccount(input: BootstrapAccountInput, deps: Dependencies): Promise<BootstrappedAccount> {
  const { home, emulator, task, warn, signal } = input;
  const destination = (region: string): Destination => ({ account: home.account, region, emulator });
  const regions = [...new Set([home.region, ...input.regions])];
  const bootstrapped = await Promise.all(
    regions.map(async (region) => {
      const result = await deps.toolkits.for(destination(region)).bootstrap({ task: task.child(region), warn, signal });
      return { ...result, region };
    }),
  );
  if (!bootstrapped.every(succeeded)) return { account: home.account, stacks: bootstrapped, ok: false };

  const pipeline = await withPipelineAssembly(input, destination(home.region), deps, (assembly) =>
    deps.toolkits.for(destination(home.region)).deploy(assembly, { task, warn, signal }),
  );
  const stacks = [...bootstrapped, ...pipeline.map((result) => ({ ...result, region: home.region }))];
  return { account: home.account, stacks, ok: stacks.every(succeeded) };
}

/** PipelineStack is no part of a release: it is synthesized here, for this account, and thrown away. */
async function withPipelineAssembly<T>(
  { root, home, emulator, signal }: BootstrapAccountInput,
  destination: Destination,
  { synthesize, clients }: Dependencies,
  use: (assembly: string) => Promise<T>,
): Promise<T> {
  const provider = await findForeignGitHubProvider(clients.for(destination));
  const folder = await mkdtemp(join(tmpdir(), 'gitops-pipeline-'));
  try {
    await synthesize({
      root,
      outdir: folder,
      context: provider === undefined ? {} : { oidcProviderArn: provider },
      variables: {
        CDK_DEFAULT_ACCOUNT: home.account,
        CDK_DEFAULT_REGION: home.region,
        // Guardrails are about what reaches AWS; here they would cost each account seconds on every start.
        ...(emulator && { CDK_VALIDATION: 'false' }),
      },
      signal,
    });
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
