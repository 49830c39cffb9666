/**
 * The release detector: deployed stacks beside the release that the ledger names. Also says what the other detectors go
 * by: the configuration that release was made with, and the stacks that are there.
 */
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { COMPONENTS, stackName } from '../../environments/naming.ts';
import type { DriftWaiver } from '../../environments/waivers.ts';
import { readDeployedStacks } from '../adapters/drift/deployed-stacks.ts';
import { asGivenBack } from '../adapters/plan/deployed-template.ts';
import { readReleasedStacks } from '../adapters/plan/released-stacks.ts';
import { ArchiveCorruptError, ReleaseNotStoredError } from '../adapters/release-store/store.ts';
import type { Target } from '../adapters/target.ts';
import type { Clock } from '../core/clock.ts';
import {
  type CompareContext,
  compareStacks,
  judgeUnexpected,
  type UnexpectedStack,
} from '../core/drift/compare-release.ts';
import type { DriftCheck } from '../core/drift/drift-check.ts';
import { judgeLedger, type LedgerFacts, type OnMain, unrecordedCheck } from '../core/drift/judge-ledger.ts';
import { currentRelease, type Ledger } from '../core/ledger/ledger.ts';
import type { ReleasedStack } from '../core/plan/facts.ts';
import type { Reporter } from '../core/progress.ts';
import { shortId } from '../core/release/release.ts';
import { releasedTarget } from './bring-release.ts';
import { stacksOfStored, withFetchedRelease } from './fetched-release.ts';
import type { Site } from './site.ts';

export interface DetectDriftInput {
  readonly target: Target;
  /** Names of all environments. */
  readonly environments: readonly string[];
  readonly waivers: readonly DriftWaiver[];
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

export interface DetectDriftDependencies {
  readonly openSite: (target: Target) => Promise<Site>;
  readonly clock: Clock;
  readonly findOnMain: (commit: string, local: boolean) => Promise<OnMain>;
}

/** What the release detector found, and what the others go by. */
export interface Basis {
  readonly checks: readonly DriftCheck[];
  readonly notes: readonly string[];
  readonly config: EnvironmentConfig;
  /** Names of the stacks that are there. */
  readonly stacks: readonly string[];
}

/** @throws the signal's reason, and what reading throws */
export async function readBasis(
  input: DetectDriftInput,
  deps: DetectDriftDependencies,
  site: Site,
  ledger: Ledger,
  atWork: boolean,
): Promise<Basis> {
  const { target } = input;
  const { name: environment } = target.environment;
  const local = target.emulator !== undefined;
  const aim = local ? ' --local' : '';
  const release = currentRelease(ledger.current);
  if (release === null) return await withoutRelease(input, deps, site, aim);
  const onMain = await deps.findOnMain(release.commit, local);
  const facts: LedgerFacts = { environment, aim, ledger, atWork, onMain, now: new Date(deps.clock.now()) };
  const judged = judgeLedger(facts);
  const context = { environment, release: shortId(release.id), aim, resolvesParameters: local };
  try {
    return await withFetchedRelease(site.store, release.id, async ({ folder }) => {
      const { environment: config } = await releasedTarget(target, folder);
      const released = await readReleasedStacks(join(folder, environment));
      const compared = await compareWithRelease(input, deps, site, released, ledger, context);
      return { ...compared, config, checks: [...judged.checks, ...compared.checks], notes: judged.notes };
    });
  } catch (error) {
    if (!(error instanceof ReleaseNotStoredError || error instanceof ArchiveCorruptError)) throw error;
    const checks = [...judged.checks, notComparable(environment, context.release, error.message)];
    return { checks, notes: judged.notes, config: target.environment, stacks: await presentStacks(input, deps, site) };
  }
}

async function compareWithRelease(
  input: DetectDriftInput,
  { clock }: DetectDriftDependencies,
  site: Site,
  released: ReadonlyMap<string, ReleasedStack>,
  ledger: Ledger,
  context: CompareContext,
): Promise<Pick<Basis, 'checks' | 'stacks'>> {
  const { expected, unexpected } = await readDeployedStacks({
    client: site.clients.cloudformation,
    environment: context.environment,
    environments: input.environments,
    expected: [...released.keys()],
    clock,
    signal: input.signal,
  });
  const stacks = expected.flatMap((found) => {
    const release = released.get(found.name);
    if (release === undefined) return [];
    const deployed = found.deployed?.template;
    const alike = typeof deployed === 'object' ? asGivenBack(release.template, deployed) : release.template;
    return [{ found, released: { ...release, template: alike } }];
  });
  const foreign = await traceStacks(unexpected, ledger, site, context.environment);
  return {
    checks: [...compareStacks(stacks, context), ...judgeUnexpected(foreign, context)],
    stacks: [...expected.filter(({ deployed }) => deployed !== undefined).map(({ name }) => name), ...unexpected],
  };
}

/** Which earlier release, of those the ledger can go back to, had each of these stacks. */
async function traceStacks(
  names: readonly string[],
  { validated }: Ledger,
  { store }: Site,
  environment: string,
): Promise<UnexpectedStack[]> {
  if (names.length === 0) return [];
  const earlier = await Promise.all(
    validated.releases.map(async ({ release: { id } }) => ({
      id,
      stacks: await stacksOfStored(store, id, environment),
    })),
  );
  return names.map((name) => {
    const release = earlier.find(({ stacks }) => stacks?.includes(name));
    return { name, of: release === undefined ? null : shortId(release.id) };
  });
}

/** Without a release in the ledger there is nothing to compare stacks with: that they are there is the finding. */
async function withoutRelease(
  input: DetectDriftInput,
  deps: DetectDriftDependencies,
  site: Site,
  aim: string,
): Promise<Basis> {
  const { environment } = input.target;
  const stacks = await presentStacks(input, deps, site);
  return { checks: [unrecordedCheck(environment.name, aim, stacks)], notes: [], config: environment, stacks };
}

async function presentStacks(
  { target, environments, signal }: DetectDriftInput,
  { clock }: DetectDriftDependencies,
  { clients }: Site,
): Promise<string[]> {
  const { name } = target.environment;
  const { expected, unexpected } = await readDeployedStacks({
    client: clients.cloudformation,
    environment: name,
    environments,
    expected: COMPONENTS.map((component) => stackName(component, name)),
    clock,
    signal,
  });
  return [...expected.filter(({ deployed }) => deployed !== undefined).map((stack) => stack.name), ...unexpected];
}

const notComparable = (environment: string, release: string, reason: string): DriftCheck => ({
  id: 'release.stored',
  detector: 'release',
  property: 'release.stored',
  subject: environment,
  expected: `release ${release} in the store`,
  actual: null,
  status: 'unknown',
  detail: reason,
});
