/**
 * What a thrown value means to the person and the machine that called a command: message, code, exit code, and
 * whether a stack belongs on the screen.
 */
import { CommanderError } from '@commander-js/extra-typings';
import { EXIT, type ExitCode } from '../../core/errors.ts';

export interface Failure {
  readonly message: string;
  readonly code: string;
  readonly source: 'user' | 'internal';
  /** Beyond EXIT only for signals: 130 and 143. */
  readonly exitCode: number;
  /** Present when it helps: always asked for by GITOPS_DEBUG=1, and never for what the user can change otherwise. */
  readonly stack?: string;
  /** Machine-readable parts an error carries, such as the configuration problems. */
  readonly problems?: unknown;
}

interface ErrorFactsLike {
  readonly code: string;
  readonly source: 'user' | 'internal';
  readonly exitCode: ExitCode;
}

/** True for GitOpsError and for errors of `environments/`, which may not import it but carry the same facts. */
function carriesFacts(error: Error): error is Error & ErrorFactsLike {
  const { code, source, exitCode } = error as Partial<ErrorFactsLike>;
  return (
    typeof code === 'string' &&
    (source === 'user' || source === 'internal') &&
    Object.values(EXIT).some((known) => known === exitCode)
  );
}

/** Node reports a refused connection to a host of two addresses as an AggregateError with an empty message. */
function messageOf(error: Error): string {
  if (error.message) return error.message;
  if (error instanceof AggregateError) return error.errors.map((each) => String(each?.message ?? each)).join('; ');
  return error.name;
}

function usageMessage(error: CommanderError): string {
  const message = error.message.replace(/^error: /, '');
  // `npm run deploy --env dev` gives `--env` to npm and `dev` to the command.
  return error.code === 'commander.excessArguments'
    ? `${message}\nOptions of an npm script come after "--": npm run <verb> -- --env dev`
    : message;
}

/** Turns any thrown value into a Failure; never throws itself. */
export function describeFailure(error: unknown, debug: boolean): Failure {
  if (error instanceof CommanderError) {
    return { message: usageMessage(error), code: 'USAGE', source: 'user', exitCode: EXIT.usage };
  }
  if (!(error instanceof Error)) {
    return { message: String(error), code: 'UNEXPECTED', source: 'internal', exitCode: EXIT.failed };
  }
  const facts: ErrorFactsLike = carriesFacts(error)
    ? error
    : { code: 'UNEXPECTED', source: 'internal', exitCode: EXIT.failed };
  const { problems } = error as { problems?: unknown };
  return {
    message: messageOf(error),
    code: facts.code,
    source: facts.source,
    exitCode: facts.exitCode,
    ...(debug ? { stack: stackOf(error) } : {}),
    ...(problems === undefined ? {} : { problems }),
  };
}

/** The stack and those of its causes. */
function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  if (error.cause === undefined) return own;
  return `${own}\nCaused by: ${error.cause instanceof Error ? stackOf(error.cause) : String(error.cause)}`;
}

/** The lines for stderr. */
export function renderFailure(failure: Failure): string {
  const head = failure.source === 'user' ? 'error' : `error (${failure.code})`;
  const hint = failure.source === 'internal' && !failure.stack ? '\nGITOPS_DEBUG=1 shows where it came from.' : '';
  return `${head}: ${failure.message}${failure.stack ? `\n${failure.stack}` : hint}\n`;
}
