/**
 * `diff`: shows what a release would change in each environment, and says whether anything stands against it.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { Commit } from '../../adapters/release/git.ts';
import type { Target } from '../../adapters/target.ts';
import { endingOf } from '../../core/cause.ts';
import { tieToPlans } from '../../core/plan/config/carriers.ts';
import { type ConfigFiles, configChanges } from '../../core/plan/config/config-change.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { causeOfPlans } from '../../core/plan/render/cause.ts';
import { renderSummary } from '../../core/plan/render/comment.ts';
import type { Format } from '../../core/plan/render/format.ts';
import { planDocument, renderJson } from '../../core/plan/render/json.ts';
import { renderPlain } from '../../core/plan/render/plain.ts';
import type { Reporter } from '../../core/progress.ts';
import { type Release, releaseLabel } from '../../core/release/release.ts';

export interface DiffInput {
  readonly environments: readonly EnvironmentConfig[];
  readonly folder: string;
  /** Commit whose environments/*.json the present ones are compared with. */
  readonly base?: string;
  readonly format: Format;
  /** Nothing deployed is looked at. */
  readonly againstNothing: boolean;
}

export interface Dependencies {
  /** Not asked for when the plan is made against nothing. */
  readonly resolveTargets: (environments: readonly EnvironmentConfig[]) => Promise<readonly Target[]>;
  readonly readRelease: (folder: string) => Promise<Release>;
  readonly plan: (release: Release, target: Target) => Promise<Plan>;
  readonly planAgainstNothing: (release: Release, environment: string) => Promise<Plan>;
  readonly describeCommit: () => Promise<Commit>;
  readonly readConfigAt: (ref: string) => Promise<ConfigFiles>;
  readonly readConfigNow: () => Promise<ConfigFiles>;
  readonly reporter: Reporter;
  readonly now: () => Date;
}

export async function run(input: DiffInput, deps: Dependencies): Promise<CommandResult> {
  const { folder, format, base } = input;
  const release = await deps.readRelease(folder);
  const [commit, before, after] = await Promise.all([
    deps.describeCommit(),
    base === undefined ? {} : deps.readConfigAt(base),
    base === undefined ? {} : deps.readConfigNow(),
  ]);
  const stale = staleness(release, commit);
  if (stale !== undefined) deps.reporter.warn(stale);
  const plans = await plansOf(input, release, deps);
  const names = plans.map(({ environment }) => environment);
  const changes = configChanges(before, after).filter(
    ({ environment, path }) => names.includes(environment) || path === '',
  );
  const config = tieToPlans(changes, plans);
  const content = { plans, configChanges: config };
  const markdown = (): string => renderSummary({ ...content, commit: release.commit, time: deps.now() }).text;
  const texts = {
    table: () => renderPlain(content).text,
    markdown,
    json: () => renderJson(plans, config).trimEnd(),
  };
  const document = planDocument(plans, config);
  return {
    ...endingOf(causeOfPlans(plans)),
    document: { ...document },
    text: texts[format](),
    summary: markdown(),
  };
}

async function plansOf(input: DiffInput, release: Release, deps: Dependencies): Promise<readonly Plan[]> {
  const task = deps.reporter.task(`planning ${input.environments.map(({ name }) => name).join(', ')}`);
  try {
    const plans = input.againstNothing
      ? await Promise.all(input.environments.map(({ name }) => deps.planAgainstNothing(release, name)))
      : await Promise.all((await deps.resolveTargets(input.environments)).map((target) => deps.plan(release, target)));
    task.done();
    return plans;
  } catch (error) {
    task.fail('no plan was made');
    throw error;
  }
}

/** Why the release may not be what the working tree would make; nothing when it is. */
export function staleness(release: Release, { commit, dirty }: Commit): string | undefined {
  const label = releaseLabel(release);
  if (release.commit !== commit) {
    return `Release ${label} is not of the commit checked out (${commit.slice(0, 12)}). A new one: npm run synth`;
  }
  if (dirty || release.dirty) {
    return `Release ${label} was made at ${release.createdAt}; what changed in the files since then is not in it. A new one: npm run synth`;
  }
  return undefined;
}
