/**
 * Takes one release through environments in the order of promotion: each begins when its own predecessor holds this very
 * release, so those of a wave run side by side, and nothing begins behind one that stopped.
 */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { predecessor as predecessorOf } from '../../environments/waves.ts';
import { describeFailure } from '../adapters/cli/failure.ts';
import { reaches, type Target } from '../adapters/target.ts';
import { EXIT, type ExitCode, UsageError } from '../core/errors.ts';
import type { Reporter } from '../core/progress.ts';
import { type CriticalPath, criticalPath } from '../core/promotion/critical-path.ts';
import type { PromotionOptions } from '../core/promotion/decide-promotion.ts';
import { type Release, releaseLabel } from '../core/release/release.ts';
import { type PromoteEnvironmentDependencies, promoteEnvironment } from './promote-environment.ts';
import { type EnvironmentPromotion, mayGoOn, promotions } from './promotion-result.ts';
import type { Site } from './site.ts';
import { Timeline } from './timeline.ts';

export interface PromoteInput {
  readonly release: Release;
  /** Where it lies. Nobody else may change it meanwhile: see `withRelease`. */
  readonly folder: string;
  /** Where it shall go, in the order of promotion. */
  readonly targets: readonly Target[];
  /** All environments. */
  readonly environments: readonly EnvironmentConfig[];
  readonly options: Omit<PromotionOptions, 'local'>;
  /**
   * Somebody vouches that predecessors whose account these credentials can't read hold the release: the job of the workflow
   * that promoted it there.
   */
  readonly predecessorValidated: boolean;
  /** Who acts: for ledger and lock. */
  readonly by: string;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

export interface PromoteDependencies extends Omit<PromoteEnvironmentDependencies, 'warmUp'> {
  /** Called at most once, when there is something to deploy: what takes time to load loads for all of them. */
  readonly warmUp: (targets: readonly Target[]) => void;
  readonly openSite: (target: Target) => Promise<Site>;
  /** Where an environment is that is not among the targets. Asked only for what these credentials can read. */
  readonly targetOf: (environment: EnvironmentConfig) => Promise<Target>;
  readonly reporter: Reporter;
  /** Default: the real one. */
  readonly promoteOne?: typeof promoteEnvironment;
}

export interface Promotion {
  readonly release: Release;
  /** In the order of the targets. */
  readonly environments: readonly EnvironmentPromotion[];
  readonly exitCode: ExitCode;
  readonly criticalPath: CriticalPath;
}

/**
 * Takes the release as far as it gets. Whatever stops one environment is part of the result.
 * @throws UsageError, and the signal's reason when that aborts
 */
export async function promote(input: PromoteInput, deps: PromoteDependencies): Promise<Promotion> {
  const timeline = new Timeline(() => performance.now());
  const warmUp = once(() => deps.warmUp(input.targets));
  const running = new Map<string, Promise<EnvironmentPromotion>>();
  for (const target of input.targets) {
    const before = predecessorOf(target.environment, input.environments);
    const waitFor = before && running.get(before.name);
    const begun =
      waitFor === undefined
        ? attempt({ target, before, timeline, warmUp }, input, deps)
        : waitFor.then((result) => {
            if (mayGoOn(result)) return attempt({ target, before, timeline, warmUp }, input, deps);
            return promotions.notStarted(target.environment.name, result);
          });
    running.set(target.environment.name, begun);
  }
  const environments = await Promise.all(running.values());
  input.signal.throwIfAborted();
  return {
    release: input.release,
    environments,
    exitCode: worst(environments.map(({ exitCode }) => exitCode)),
    criticalPath: criticalPath(timeline.steps),
  };
}

interface Attempt {
  readonly target: Target;
  readonly before: EnvironmentConfig | undefined;
  readonly timeline: Timeline;
  readonly warmUp: () => void;
}

/** Never rejects: the others go on, and the command tells of all. */
async function attempt(
  { target, before, timeline, warmUp }: Attempt,
  input: PromoteInput,
  deps: PromoteDependencies,
): Promise<EnvironmentPromotion> {
  const { name } = target.environment;
  const task = deps.reporter.task(`promoting ${name}`);
  try {
    const [site, predecessor] = await Promise.all([
      deps.openSite(target),
      findPredecessor(target, before, input, deps),
    ]);
    const options = { ...input.options, local: target.emulator !== undefined };
    const result = await (deps.promoteOne ?? promoteEnvironment)(
      { ...input, site, predecessor, options, task, reporter: deps.reporter, timeline },
      { ...deps, warmUp },
    );
    if (result.exitCode === EXIT.done) task.done(result.outcome);
    else task.fail(result.outcome);
    return result;
  } catch (error) {
    task.fail('stopped');
    const { exitCode, message, code, source } = describeFailure(error, false);
    return promotions.stopped(name, { exitCode: exitCode as ExitCode, message, code, source });
  }
}

/** The environment before it, as far as it can be asked. */
async function findPredecessor(
  target: Target,
  before: EnvironmentConfig | undefined,
  { predecessorValidated, release }: PromoteInput,
  { targetOf, openSite }: PromoteDependencies,
) {
  if (before === undefined) return null;
  if (!reaches(target, before)) {
    const { environment, account } = target;
    if (predecessorValidated) return null;
    throw new UsageError(
      `${environment.name} comes after ${before.name}, which is in account ${before.account}: these credentials, of account ` +
        `${account}, can't see whether ${releaseLabel(release)} is validated there. Whoever knows that says so with ` +
        '--predecessor-validated; promote.yml does, behind the job that validated it.',
    );
  }
  const { ledger } = await openSite(await targetOf(before));
  return { name: before.name, readLedger: () => ledger.read() };
}

/** A failure says more than a wrong use, and that more than a guard. */
function worst(codes: readonly ExitCode[]): ExitCode {
  return [EXIT.failed, EXIT.usage, EXIT.guarded].find((code) => codes.includes(code)) ?? EXIT.done;
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
