/**
 * Brings an environment to a release that lies on disk, the same way for a promotion and for a rollback: deploys its
 * stacks, then validates. Says how that ended; records nothing.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { parseEnvironment } from '../../environments/load.ts';
import { readStacks } from '../adapters/cdk-app/assembly.ts';
import type { Target } from '../adapters/target.ts';
import type { ToolkitOptions } from '../adapters/toolkit/toolkit.ts';
import { type StackResult, succeeded } from '../core/deployment/stack-result.ts';
import { describeBlocking } from '../core/ledger/event.ts';
import type { Reporter, Task } from '../core/progress.ts';
import { describeStackFailures, describeVerdict } from '../core/promotion/failure.ts';
import type { Release } from '../core/release/release.ts';
import type { Baseline } from '../core/validation/baseline.ts';
import { deployEnvironment } from './deploy-environment.ts';
import type { Site } from './site.ts';
import type { Timeline } from './timeline.ts';
import { type ValidateOptions, type Validation, validateEnvironment } from './validate-environment.ts';

export interface Toolkit {
  deploy(assembly: string, options: ToolkitOptions): Promise<readonly StackResult[]>;
}

export interface BringReleaseInput {
  readonly site: Site;
  readonly release: Release;
  /** Where it lies. */
  readonly folder: string;
  /** How the environment stood before. */
  readonly baseline: Baseline | undefined;
  readonly task: Task;
  readonly reporter: Reporter;
  readonly timeline: Timeline;
  /** Prefix of the steps' names in the timeline: `dev`, `dev rollback`. */
  readonly label: string;
  /** Aborted when the command is interrupted, and when the lock is lost. */
  readonly signal: AbortSignal;
  /** Between deploying and validating. */
  readonly onDeployed: () => Promise<void>;
}

export interface BringReleaseDependencies {
  readonly toolkitFor: (target: Target) => Toolkit;
  /** Default: the real one. */
  readonly validate?: (options: ValidateOptions) => Promise<Validation>;
}

export interface BroughtRelease {
  readonly stacks: readonly StackResult[];
  /** null when it did not come to that. */
  readonly validation: Validation | null;
  /** Null when every stack is deployed and every check passed. */
  readonly failure: { readonly reason: string; readonly details: readonly string[] } | null;
}

/** Names of a timeline's steps. */
export const stepNames = (label: string) => ({
  prepare: `${label}: prepare`,
  stack: (name: string) => `${label}: ${name}`,
  validate: `${label}: validate`,
});

/**
 * Failures are results.
 * @throws the signal's reason when that aborts, and what `onDeployed` throws
 */
export async function bringRelease(
  input: BringReleaseInput,
  { toolkitFor, validate = validateEnvironment }: BringReleaseDependencies,
): Promise<BroughtRelease> {
  const { site, release, folder, task, reporter, timeline, label, signal } = input;
  const { name } = site.target.environment;
  const names = stepNames(label);
  const warn = (text: string): void => reporter.warn(`${name}: ${text}`);

  const stacks = await readStacks(join(folder, name));
  const dependencies = new Map(stacks.map((stack) => [stack.name, stack.dependencies.map(names.stack)]));
  const watched = timeline.watch(task, (title) => ({
    id: names.stack(title),
    after: [names.prepare, ...(dependencies.get(title) ?? [])],
  }));
  const target = await releasedTarget(site.target, folder);
  const deployed = await attempt(signal, () =>
    deployEnvironment({ release, folder, target, task: watched, warn, signal }, { toolkit: toolkitFor(target) }),
  );
  if ('error' in deployed) {
    return { stacks: [], validation: null, failure: { reason: `it did not deploy: ${deployed.error}`, details: [] } };
  }
  const results = deployed.value.stacks;
  if (!results.every(succeeded)) {
    return { stacks: results, validation: null, failure: describeStackFailures(results) };
  }

  await input.onDeployed();

  const validated = await timeline.step(
    names.validate,
    stacks.map((stack) => names.stack(stack.name)),
    () =>
      attempt(signal, () =>
        validate({
          target,
          config: target.environment,
          clients: site.clients,
          baseline: input.baseline,
          reporter: below(task, reporter),
          signal,
        }),
      ),
  );
  if ('error' in validated) {
    const reason = `it could not be validated: ${validated.error}`;
    return { stacks: results, validation: null, failure: { reason, details: [] } };
  }
  const { verdict } = validated.value;
  const failure = verdict.ok ? null : { reason: describeVerdict(verdict), details: describeBlocking(verdict) };
  return { stacks: results, validation: validated.value, failure };
}

/**
 * The target with the configuration the release was made with: nothing of the working tree's but account and region.
 * @throws ConfigurationError, or what reading throws
 */
export async function releasedTarget(target: Target, folder: string): Promise<Target> {
  const file = join(folder, target.environment.name, 'environment.json');
  const config = parseEnvironment(JSON.parse(await readFile(file, 'utf8')), file);
  const { account, region } = target;
  const environment: EnvironmentConfig = { ...config, account, region };
  return { ...target, environment };
}

/** What fails is the release's failure, to be undone; an interruption or a lost lock is not. */
async function attempt<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    signal.throwIfAborted();
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Reports as children of a task: the validation belongs to its environment. */
const below = (task: Task, reporter: Reporter): Reporter => ({
  task: (title) => task.child(title),
  info: (text) => reporter.info(text),
  warn: (text) => reporter.warn(text),
});
