/**
 * A bare deployment of one environment, by the same rules as a promotion but for its order and its validation: hold, freeze
 * and lock stop it, and the ledger knows that the environment holds a release that nobody validated.
 */
import { verifyRelease } from '../adapters/release/release-directory.ts';
import { storeRelease } from '../adapters/release-store/store.ts';
import { renderFailures } from '../core/deployment/stack-result.ts';
import { EXIT, type ExitCode, GitOpsError } from '../core/errors.ts';
import { freezeAt } from '../core/freeze/freeze.ts';
import { releaseRefOf } from '../core/ledger/release-ref.ts';
import type { Reporter } from '../core/progress.ts';
import { decidePromotion, type PromotionOptions } from '../core/promotion/decide-promotion.ts';
import { describeStackFailures } from '../core/promotion/failure.ts';
import { shortId } from '../core/release/release.ts';
import {
  checkFit,
  type DeployEnvironmentInput,
  type DeployedEnvironment,
  deployEnvironment,
} from './deploy-environment.ts';
import { lockRequest, noteTakeover } from './lock-request.ts';
import type { PromoteEnvironmentDependencies } from './promote-environment.ts';
import type { Site } from './site.ts';

export interface DeployRecordedInput extends DeployEnvironmentInput {
  readonly site: Site;
  readonly options: PromotionOptions;
  readonly by: string;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

export interface DeployRecordedDependencies
  extends Pick<PromoteEnvironmentDependencies, 'clock' | 'onExit' | 'toolkitFor'> {
  readonly reporter: Reporter;
}

/** Thrown when a guard or a rule stops a deployment. Nothing was touched. Exit as the reason says. */
export class DeployRefusedError extends GitOpsError {
  constructor(code: string, message: string, exitCode: ExitCode) {
    super(message, { code: `DEPLOY_${code}`, source: 'user', exitCode });
  }
}

/**
 * Failed stacks are part of the result, and recorded; nothing is rolled back.
 * @throws DeployRefusedError, LockHeldError, LockLostError, and what `deployEnvironment` throws
 */
export async function deployRecorded(
  input: DeployRecordedInput,
  deps: DeployRecordedDependencies,
): Promise<DeployedEnvironment> {
  const { site, release, folder, target, task, by, signal } = input;
  const { name } = target.environment;
  checkFit(release, target);
  await verifyRelease(folder, release);
  await decide(input, deps);
  const request = lockRequest(input, { doing: `deploy ${shortId(release.id)}`, onExit: deps.onExit });
  return await site.locked(request, async (lock) => {
    noteTakeover(lock, name, deps.reporter);
    const freezeOverride = await decide(input, deps);
    await storeRelease(site.store, release, folder);
    const stamp = () => ({ at: new Date(deps.clock.now()).toISOString(), by });
    await site.ledger.record(lock, {
      type: 'deploy-started',
      ...stamp(),
      release: releaseRefOf(release, name),
      purpose: 'deploy',
      retry: input.options.retry,
      freezeOverride,
    });
    const limit = AbortSignal.any([signal, lock.signal]);
    const deployed = await deployEnvironment(
      { release, folder, target, task, warn: input.warn, signal: limit },
      { toolkit: deps.toolkitFor(target) },
    );
    if (deployed.ok) await site.ledger.record(lock, { type: 'deploy-finished', ...stamp() });
    else {
      const { reason } = describeStackFailures(deployed.stacks);
      const details = [...renderFailures(deployed.stacks)];
      await site.ledger.record(lock, { type: 'failed', ...stamp(), reason, details });
    }
    return deployed;
  });
}

/** @returns the reason for the ledger, where a freeze is overridden. @throws DeployRefusedError */
async function decide(
  { site, release, options }: DeployRecordedInput,
  { clock, reporter }: DeployRecordedDependencies,
): Promise<string | null> {
  const { environment } = site.target;
  const decision = decidePromotion(
    {
      environment,
      ledger: await site.ledger.read(),
      release: releaseRefOf(release, environment.name),
      predecessor: null,
      freeze: freezeAt(environment.promotion.freeze, new Date(clock.now())),
    },
    options,
  );
  switch (decision.kind) {
    case 'proceed':
      for (const note of decision.notes) reporter.info(note);
      return decision.freezeOverride;
    case 'nothing-to-do':
      // It stands there already: deployed again, it is what it was, and unvalidated until somebody validates it.
      return null;
    case 'refuse':
      throw new DeployRefusedError(decision.code, decision.message, decision.exitCode);
    case 'superseded':
      throw new DeployRefusedError('SUPERSEDED', decision.message, EXIT.failed);
    case 'finish-rollback':
      throw new DeployRefusedError('ROLLING_BACK', `${decision.message}: npm run rollback finishes it.`, EXIT.failed);
  }
}
