/**
 * Puts the plans of all environments together, each made by a job of its own, and says which are missing. Pure.
 */
import { UsageError } from '../errors.ts';
import type { ConfigInWords } from './config/config-change.ts';
import type { ExpectedEnvironment } from './expected-environments.ts';
import { PlanUnreadableError, parsePlanDocument } from './parse-plan.ts';
import type { Plan } from './plan.ts';

export interface PlanFile {
  /** Below the folder: `dev.json`. */
  readonly path: string;
  readonly text: string;
}

export interface Gathered {
  /** In the order of promotion; environments nobody expected come last. */
  readonly plans: readonly Plan[];
  readonly configChanges: readonly ConfigInWords[];
  /** Expected environments without a plan, and why. */
  readonly unplanned: readonly { readonly environment: string; readonly reason: string }[];
}

/**
 * A file that is no plan stands for its environment's failure when it bears that environment's name.
 * @param environments that must have one, in the order of promotion
 * @throws PlanUnreadableError for a file that is neither; UsageError for two plans of one environment
 */
export function gatherPlans(files: readonly PlanFile[], environments: readonly ExpectedEnvironment[]): Gathered {
  const expected = environments.map(({ environment }) => environment);
  const plans: Plan[] = [];
  const changes = new Map<string, ConfigInWords>();
  const failed = new Map<string, string>();
  for (const { path, text } of files) {
    const named = expected.find((name) => `${name}.json` === path.split('/').at(-1));
    try {
      const document = parsePlanDocument(text, path);
      plans.push(...document.plans);
      // That an environment is new or gone is in each document.
      for (const change of document.configChanges) changes.set(`${change.environment} ${change.path}`, change);
    } catch (error) {
      if (named === undefined || !(error instanceof PlanUnreadableError)) throw error;
      failed.set(named, reportedFailure(text) ?? error.message);
    }
  }
  refuseTwice(plans);
  const planned = new Set(plans.map(({ environment }) => environment));
  const order = (environment: string): number => {
    const index = expected.indexOf(environment);
    return index === -1 ? expected.length : index;
  };
  const inOrder = (a: { environment: string }, b: { environment: string }): number =>
    order(a.environment) - order(b.environment) || (a.environment < b.environment ? -1 : 1);
  return {
    plans: plans.toSorted(inOrder),
    configChanges: [...changes.values()].toSorted((a, b) => order(a.environment) - order(b.environment)),
    unplanned: environments
      .filter(({ environment }) => !planned.has(environment))
      .map(({ environment, whenMissing }) => ({ environment, reason: failed.get(environment) ?? whenMissing })),
  };
}

/** What a failed `diff --json` prints in a plan's place. */
function reportedFailure(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? error.message : undefined;
  } catch {
    // No JSON: then what the plan's reader said of it is the reason.
    return undefined;
  }
}

function refuseTwice(plans: readonly Plan[]): void {
  const twice = plans.find(
    ({ environment }, index) => plans.findIndex((each) => each.environment === environment) !== index,
  );
  if (twice !== undefined) throw new UsageError(`There are two plans of ${JSON.stringify(twice.environment)}.`);
}
