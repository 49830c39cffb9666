/**
 * Which environments a comment has to show: those of the base branch, whose scripts write it, and those of the pull request,
 * which may bring one or take one away. Pure.
 */
import { environmentSchema } from '../../../environments/environment-config.ts';
import { UsageError } from '../errors.ts';

export interface ExpectedEnvironment {
  readonly environment: string;
  /** What is said when nobody planned it. */
  readonly whenMissing: string;
}

/**
 * In the order of promotion: of the pull request where it is known, then what it takes away.
 * @param head empty where the pull request's own could not be listed, as its build failed: those of the base are missing
 */
export function expectedEnvironments(
  base: readonly string[],
  head: readonly string[] = base,
): readonly ExpectedEnvironment[] {
  if (head.length === 0) return base.map((environment) => ({ environment, whenMissing: BUILD_FAILED }));
  const gone = base.filter((environment) => !head.includes(environment));
  return [
    ...head.map((environment) => ({
      environment,
      whenMissing: base.includes(environment) ? 'its job left no plan' : newEnvironment(environment),
    })),
    ...gone.map((environment) => ({
      environment,
      whenMissing: 'the pull request takes it away: what is deployed there stays until it is destroyed',
    })),
  ];
}

const BUILD_FAILED = 'the job that builds the release failed or did not run, so that there was nothing to plan';

const newEnvironment = (environment: string): string =>
  `it is new and its job left no plan: as long as nobody prepared its account (npm run bootstrap -- --env ${environment}), ` +
  'there is no role to look with';

/** More are no environments of ours. */
const MOST = 64;

/**
 * What `matrix` gave for a workflow's jobs. It comes from the pull request's own code: names are names, or it is refused.
 * @returns no names for an empty text: the output of a job that did not come to list them
 * @throws UsageError
 */
export function readMatrix(text: string): readonly string[] {
  if (text === '') return [];
  let legs: unknown;
  try {
    legs = JSON.parse(text);
  } catch (error) {
    throw new UsageError('--matrix takes what `npm run matrix` gives as environments, a JSON list.', error);
  }
  const names = Array.isArray(legs)
    ? legs.map((leg: unknown) => (leg as { environment?: unknown } | null)?.environment)
    : [];
  const valid = names.filter((name): name is string => environmentSchema.shape.name.safeParse(name).success);
  if (
    valid.length === 0 ||
    valid.length !== names.length ||
    valid.length > MOST ||
    new Set(valid).size !== valid.length
  ) {
    throw new UsageError('--matrix takes what `npm run matrix` gives as environments: legs, each with an environment.');
  }
  return valid;
}
