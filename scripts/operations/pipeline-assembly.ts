/**
 * PipelineStack as this working tree makes it for an account. It is no part of a release: whoever needs it has it
 * synthesized here, and it is thrown away.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PipelineHome } from '../../environments/accounts.ts';
import type { AwsClients, Destination } from '../adapters/aws-clients.ts';
import type { synthesize } from '../adapters/cdk-app/synthesize.ts';
import { findForeignGitHubProvider } from '../adapters/github-provider.ts';

export interface PipelineAssemblyInput {
  /** The repository's root. */
  readonly root: string;
  readonly home: PipelineHome;
  /** Set for an emulated account. */
  readonly emulator?: Destination['emulator'];
  /** Whether CDK looks at the template too. It takes seconds on every start; the guardrails run anyhow. */
  readonly validate?: boolean;
  readonly signal?: AbortSignal;
}

export interface Dependencies {
  readonly synthesize: typeof synthesize;
  readonly clients: { for(destination: Destination): Pick<AwsClients, 'iam' | 'cloudformation'> };
}

/** @throws SynthFailedError; what IAM throws where it does not say whether there is a provider */
export async function withPipelineAssembly<T>(
  { root, home, emulator, validate = emulator === undefined, signal }: PipelineAssemblyInput,
  { synthesize, clients }: Dependencies,
  use: (assembly: string) => Promise<T>,
): Promise<T> {
  const { account, region } = home;
  const provider = await findForeignGitHubProvider(clients.for({ account, region, emulator }));
  const folder = await mkdtemp(join(tmpdir(), 'gitops-pipeline-'));
  try {
    await synthesize({
      root,
      outdir: folder,
      context: provider === undefined ? {} : { oidcProviderArn: provider },
      variables: {
        CDK_DEFAULT_ACCOUNT: account,
        CDK_DEFAULT_REGION: region,
        ...(!validate && { CDK_VALIDATION: 'false' }),
      },
      signal,
    });
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
