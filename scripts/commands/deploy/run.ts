/**
 * `deploy`: takes a release to the environments named, one after another in the order of promotion, and stops at the
 * first that fails. It validates nothing and rolls nothing back: that is `promote`.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { Target } from '../../adapters/target.ts';
import { type Cause, endingOf } from '../../core/cause.ts';
import { renderFailures, renderStacks, summarizeStacks } from '../../core/deployment/stack-result.ts';
import type { Reporter } from '../../core/progress.ts';
import { describeStackFailures } from '../../core/promotion/failure.ts';
import { type Release, releaseLabel } from '../../core/release/release.ts';
import type { DeployEnvironmentInput, DeployedEnvironment } from '../../operations/deploy-environment.ts';
import type { MadeRelease, MakeReleaseInput } from '../../operations/make-release.ts';

export interface DeployInput {
  /** The repository's root. */
  readonly root: string;
  /** Where the release is, or goes with `synth`. */
  readonly folder: string;
  /** In the order of promotion. */
  readonly targets: readonly Target[];
  /** Make the release of the working tree first. */
  readonly synth: boolean;
  /** All environments: what a release is made for. */
  readonly environments: readonly EnvironmentConfig[];
  readonly signal?: AbortSignal;
}

export interface Dependencies {
  readonly readRelease: (folder: string) => Promise<Release>;
  readonly makeRelease: (input: MakeReleaseInput) => Promise<MadeRelease>;
  readonly deployEnvironment: (input: DeployEnvironmentInput) => Promise<DeployedEnvironment>;
  readonly reporter: Reporter;
}

export async function run(input: DeployInput, deps: Dependencies): Promise<CommandResult> {
  const release = await obtainRelease(input, deps);
  const deployed: DeployedEnvironment[] = [];
  for (const target of input.targets) {
    const result = await deployOne(release, target, input, deps);
    deployed.push(result);
    if (!result.ok) break;
  }
  return describe(release, deployed, input.targets);
}

async function obtainRelease(
  input: DeployInput,
  { readRelease, makeRelease, reporter }: Dependencies,
): Promise<Release> {
  if (!input.synth) return await readRelease(input.folder);
  const task = reporter.task('making the release');
  try {
    const { release } = await makeRelease(input);
    task.done(releaseLabel(release));
    return release;
  } catch (error) {
    task.fail('no release was made');
    throw error;
  }
}

async function deployOne(
  release: Release,
  target: Target,
  { folder, signal }: DeployInput,
  { deployEnvironment, reporter }: Dependencies,
): Promise<DeployedEnvironment> {
  const task = reporter.task(`deploying ${target.environment.name}`);
  try {
    const warn = (text: string): void => reporter.warn(text);
    const result = await deployEnvironment({ release, folder, target, task, warn, signal });
    if (result.ok) task.done(summarizeStacks(result.stacks));
    else task.fail(summarizeStacks(result.stacks));
    return result;
  } catch (error) {
    task.fail('stopped');
    throw error;
  }
}

function describe(
  release: Release,
  deployed: readonly DeployedEnvironment[],
  targets: readonly Target[],
): CommandResult {
  const ok = deployed.every((environment) => environment.ok);
  const untouched = targets.slice(deployed.length).map(({ environment }) => environment.name);
  const table = renderStacks(deployed.map(({ environment, stacks }) => ({ name: environment, stacks })));
  const below = [
    ...deployed.flatMap(({ stacks }) => renderFailures(stacks)),
    ...(untouched.length > 0 ? [`Not started: ${untouched.join(', ')}`] : []),
    `Release ${releaseLabel(release)} ${ok ? 'is deployed, not validated: npm run validate' : 'is not deployed as a whole'}`,
  ];
  const { id, commit, dirty } = release;
  return {
    ...endingOf(causeOf(release, deployed, untouched)),
    document: { release: { id, commit, dirty }, environments: deployed, untouched },
    text: [table.text, ...below].join('\n'),
    summary: [table.markdown, ...below].join('\n\n'),
  };
}

function causeOf(
  release: Release,
  deployed: readonly DeployedEnvironment[],
  untouched: readonly string[],
): Cause | undefined {
  const failed = deployed.filter(({ ok }) => !ok);
  if (failed.length === 0) return undefined;
  const lines = [
    ...failed.map(
      ({ environment, stacks }) =>
        `${environment}: ${releaseLabel(release)} failed: ${describeStackFailures(stacks).reason}`,
    ),
    ...(untouched.length > 0 ? [`Not started: ${untouched.join(', ')}.`] : []),
    `Mend that, then again: npm run deploy -- --env ${failed[0]?.environment}`,
  ];
  return { code: 'DEPLOYMENT_FAILED', message: lines.join('\n') };
}
