/**
 * What a promotion does before it records anything: how the environment stands, the release into the account's store, and
 * stacks brought to where they can be deployed.
 */
import { prepareStacks } from '../adapters/cloudformation/prepare-stacks.ts';
import { storeRelease } from '../adapters/release-store/store.ts';
import { isInProgress, type Ledger } from '../core/ledger/ledger.ts';
import type { Baseline } from '../core/validation/baseline.ts';
import { releasedTarget, stepNames } from './bring-release.ts';
import type { PromoteEnvironmentInput } from './promote-environment.ts';
import type { RollBackDependencies } from './roll-back.ts';
import type { Site } from './site.ts';
import { takeBaseline } from './validate-environment.ts';

const EMULATOR_POLL_MS = 100;

export type PreparePromotionInput = Pick<
  PromoteEnvironmentInput,
  'site' | 'release' | 'folder' | 'task' | 'timeline' | 'predecessor' | 'signal'
>;

/**
 * @returns how the environment stands, for the validation to compare with
 * @throws StacksNotReadyError, NoReleaseStoreError
 */
export async function preparePromotion(
  { site, release, folder, task, timeline, predecessor, signal }: PreparePromotionInput,
  ledger: Ledger,
  deps: Pick<RollBackDependencies, 'clock' | 'baselines'>,
): Promise<Baseline> {
  const { name } = site.target.environment;
  const after = predecessor === null ? [] : [stepNames(predecessor.name).validate];
  return await timeline.step(stepNames(name).prepare, after, async () => {
    task.update('preparing');
    const target = await releasedTarget(site.target, folder);
    const [baseline] = await Promise.all([
      findBaseline(site, ledger, deps),
      storeRelease(site.store, release, folder),
      prepareStacks(
        {
          stackNames: release.environments[name]?.stacks ?? [],
          purpose: 'deploy',
          stage: target.environment.stage,
          recreateFailed: false,
          task,
          ...(target.emulator && { pollMs: EMULATOR_POLL_MS }),
          signal,
        },
        { client: site.clients.cloudformation, clock: deps.clock },
      ),
    ]);
    await deps.baselines.keep(baseline);
    return baseline;
  });
}

/**
 * How the environment stood before. Where a dead process left a deployment half-way, that is what it found before it began,
 * if it was of this machine: what its release made worse since must not count as old.
 */
async function findBaseline(
  { target, clients }: Site,
  { current }: Ledger,
  { baselines }: Pick<RollBackDependencies, 'baselines'>,
): Promise<Baseline> {
  const kept = isInProgress(current.state) ? await baselines.read(target) : undefined;
  return kept ?? (await takeBaseline(target, clients));
}
