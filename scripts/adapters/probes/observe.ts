/**
 * Asks a service one read-only question and says what came of it. The only place that reads errors of the SDK here.
 *
 * Why: a probe must neither crash nor pass because a service throttled, refused or does not know the call.
 */
import { missing, type Observation, observed, unanswered } from '../../core/validation/observation.ts';

/** Error names by which services say "there is no such thing". */
const MISSING_ERRORS: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'ResourceNotFound',
  'DashboardNotFoundError',
  'NotFoundException',
  'NotFound',
  'NoSuchBucket',
  'NoSuchEntity',
  'NoSuchEntityException',
  'ParameterNotFound',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
]);

/** Time for one answer, all retries of the client included. A service that hangs makes a check unknown, not late. */
const ANSWER_WITHIN_MS = 30_000;

/** What every SDK client has in common here. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** @param ask makes the call; it gets the options to pass to `send`. */
export async function observe<T>(ask: (options: CallOptions) => Promise<T>): Promise<Observation<T>> {
  try {
    return observed(await ask({ abortSignal: AbortSignal.timeout(ANSWER_WITHIN_MS) }));
  } catch (error) {
    const name = nameOf(error);
    return isMissing(error, name) ? missing : unanswered(reasonOf(error, name));
  }
}

/** As `observe`, for a setting that may never have been made: `absent` names the errors that say so. */
export async function observeOptional<T>(
  absent: readonly string[],
  ask: (options: CallOptions) => Promise<T>,
): Promise<Observation<T | undefined>> {
  return observe(async (options) => {
    try {
      return await ask(options);
    } catch (error) {
      if (absent.includes(nameOf(error))) return undefined;
      throw error;
    }
  });
}

function isMissing(error: unknown, name: string): boolean {
  // EC2 names each kind: InvalidVpcID.NotFound. CloudFormation says it in words alone.
  return (
    MISSING_ERRORS.has(name) ||
    name.endsWith('.NotFound') ||
    (name === 'ValidationError' && error instanceof Error && /does not exist/.test(error.message))
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}

function reasonOf(error: unknown, name: string): string {
  if (!(error instanceof Error)) return String(error);
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer within ${ANSWER_WITHIN_MS / 1000} s`;
  const words = error instanceof AggregateError ? error.errors.map((each) => String(each)).join('; ') : error.message;
  return words ? `${name}: ${words}` : name;
}
