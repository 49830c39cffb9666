/**
 * What a synth makes, by the context value `env`: the stacks of that environment; with `all` a cloud assembly per
 * environment, in one process; without it PipelineStack.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { pipelineHome } from '../environments/accounts.ts';
import type { EnvironmentConfig } from '../environments/environment-config.ts';
import { ConfigurationError } from '../environments/load.ts';
import { PIPELINE_STACK } from '../environments/naming.ts';
import { type Bundles, bundleFunctions } from './bundle.ts';
import { addGuardrails } from './guardrails/index.ts';
import { appSettings, dropTraces } from './settings.ts';
import { addEnvironmentStacks } from './stacks/environment-stacks.ts';
import { PipelineStack } from './stacks/pipeline-stack.ts';

/** Thrown when a synth asks for something that is not there. Exit 2, no stack. */
export class SynthesisRequestError extends Error {
  override readonly name = 'SynthesisRequestError';
  readonly exitCode = 2;
}

/**
 * The exit code of what people can mend: 2 for a wrong configuration or request, 1 for a template the guardrails
 * refuse, whose report is printed by then. Nothing for a defect, which needs its stack.
 */
export function exitCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ConfigurationError || error instanceof SynthesisRequestError) return error.exitCode;
  return error.name === 'ValidationFailed' ? 1 : undefined;
}

export interface SynthesisVariables {
  /** Set by whoever asks for the synth: where assemblies go. */
  readonly CDK_OUTDIR?: string | undefined;
  readonly CDK_DEFAULT_ACCOUNT?: string | undefined;
  readonly CDK_DEFAULT_REGION?: string | undefined;
}

/** The value of `env` that stands for every environment; no environment may bear it. */
const ALL = 'all';
/** What CDK writes about a validation, passed or not. No part of a release: it depends on whether one was asked for. */
const VALIDATION_REPORT = 'validation-report.json';

/**
 * @param environments all of them, in the order of promotion
 * @throws SynthesisRequestError for an environment that is not there, or a missing output folder
 */
export async function synthesize(
  environments: readonly EnvironmentConfig[],
  variables: SynthesisVariables,
): Promise<void> {
  const app = newApp(variables.CDK_OUTDIR);
  const requested: unknown = app.node.tryGetContext('env');
  if (requested === ALL) return synthesizeAll(environments, variables.CDK_OUTDIR);

  if (requested === undefined) {
    addPipelineStack(app, environments, variables);
  } else {
    const environment = find(environments, requested);
    await withBundles((bundles) => addEnvironment(app, environment, bundles));
  }
  synth(app);
}

async function synthesizeAll(environments: readonly EnvironmentConfig[], outdir: string | undefined): Promise<void> {
  if (outdir === undefined) {
    throw new SynthesisRequestError(`env=${ALL} writes one folder per environment: set CDK_OUTDIR.`);
  }
  await withBundles(async (bundles) => {
    for (const environment of environments) {
      const folder = path.join(outdir, environment.name);
      const app = newApp(folder);
      addEnvironment(app, environment, bundles);
      synth(app);
      await rm(path.join(folder, VALIDATION_REPORT), { force: true });
      await writeFile(path.join(folder, 'environment.json'), `${JSON.stringify(environment, null, 2)}\n`);
    }
  });
}

/**
 * The guardrails run in every synth: they take a few tenths of a second. CDK's own validation of templates takes several
 * seconds in each process; whoever asks for the synth may do without by `CDK_VALIDATION=false`, which CDK reads itself.
 */
function newApp(outdir: string | undefined): App {
  const app = new App(appSettings(outdir));
  addGuardrails(app);
  return app;
}

function synth(app: App): void {
  dropTraces(app);
  app.synth();
}

function find(environments: readonly EnvironmentConfig[], requested: unknown): EnvironmentConfig {
  const environment = environments.find(({ name }) => name === requested);
  if (environment !== undefined) return environment;
  const known = [...environments.map(({ name }) => name), ALL].join(', ');
  throw new SynthesisRequestError(`--context env=${String(requested)}: no such environment. There are: ${known}.`);
}

/** Bundles are copied into the assembly as assets are made, so their own folder can go as soon as stacks are there. */
async function withBundles(use: (bundles: Bundles) => void | Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'trading-platform-bundles-'));
  try {
    await use(await bundleFunctions(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function addEnvironment(app: App, environment: EnvironmentConfig, bundles: Bundles): void {
  addEnvironmentStacks(app, { environment, repository: repositoryOf(app), bundles });
}

function addPipelineStack(app: App, environments: readonly EnvironmentConfig[], variables: SynthesisVariables): void {
  const home = pipelineHome(environments, variables);
  // An account without environments takes its tags from the first wave's.
  const [environment] = [...home.environments, ...environments];
  if (environment === undefined) throw new SynthesisRequestError('There is no environment.');
  const oidcProviderArn: string | undefined = app.node.tryGetContext('oidcProviderArn');
  const repository = repositoryOf(app);
  const repositoryIds = repositoryIdsOf(app);
  new PipelineStack(app, PIPELINE_STACK, { environment, repository, repositoryIds, home, oidcProviderArn });
}

/** `owner/name`, from cdk.json: part of the templates, so it must not depend on who synthesizes. */
function repositoryOf(app: App): string {
  const repository: unknown = app.node.tryGetContext('repository');
  if (typeof repository === 'string' && /^[\w.-]+\/[\w.-]+$/.test(repository)) return repository;
  throw new SynthesisRequestError(
    `The context value "repository" is ${JSON.stringify(repository)}: set it to owner/name in cdk.json.`,
  );
}

/**
 * Both ids, or neither: tokens of newer repositories carry them. `gh api repos/OWNER/NAME --jq '.owner.id, .id'` tells them.
 */
function repositoryIdsOf(app: App): { owner: string; repository: string } | undefined {
  const ids = ['repositoryOwnerId', 'repositoryId'].map((key) => app.node.tryGetContext(key) as unknown);
  if (ids.every((id) => id === undefined || id === null || id === '')) return undefined;
  const [owner, repository] = ids.map(String);
  if (owner !== undefined && repository !== undefined && ids.every((id) => /^\d+$/.test(String(id)))) {
    return { owner, repository };
  }
  throw new SynthesisRequestError(
    `The context values "repositoryOwnerId" and "repositoryId" are ${JSON.stringify(ids)}: set both in cdk.json, or neither.`,
  );
}
