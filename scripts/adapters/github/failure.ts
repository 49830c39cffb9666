/**
 * What a failed call to GitHub means to the person who reads it, and whether it may have been carried out. Pure.
 */
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { howToGrant, neededPermission } from './permissions.ts';

export interface FailedCall {
  readonly method: string;
  /** The template: `/repos/{owner}/{repo}/issues/{issue_number}/comments`. */
  readonly address: string;
  /** `OWNER/NAME` */
  readonly repository: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly cause: unknown;
}

export type FailureKind =
  | 'token-refused'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'invalid'
  | 'unavailable'
  | 'refused';

const CODES: Readonly<Record<FailureKind, string>> = {
  'token-refused': 'GITHUB_TOKEN_REFUSED',
  forbidden: 'GITHUB_FORBIDDEN',
  'not-found': 'GITHUB_NOT_FOUND',
  'rate-limited': 'GITHUB_RATE_LIMITED',
  invalid: 'GITHUB_INVALID',
  unavailable: 'GITHUB_UNAVAILABLE',
  refused: 'GITHUB_REFUSED',
};

/** Thrown when GitHub refuses a call, or can't be reached after the retries. Exit 1. */
export class GitHubCallError extends GitOpsError {
  readonly kind: FailureKind;
  readonly status: number | undefined;

  constructor(message: string, facts: { kind: FailureKind; status: number | undefined; cause: unknown }) {
    // What GitHub calls invalid is what we sent; all else a person can mend: token, permission, patience.
    const source = facts.kind === 'invalid' ? 'internal' : 'user';
    super(message, { code: CODES[facts.kind], source, exitCode: EXIT.failed, cause: facts.cause });
    this.kind = facts.kind;
    this.status = facts.status;
  }

  /** The call may have been carried out all the same: the answer, not the call, is what is known to be missing. */
  get outcomeUnknown(): boolean {
    return this.kind === 'unavailable';
  }
}

export function explainFailure(call: FailedCall): GitHubCallError {
  const kind = kindOf(call);
  return new GitHubCallError(sentence(kind, call), { kind, status: call.status, cause: call.cause });
}

function kindOf({ status, message, headers }: FailedCall): FailureKind {
  if (status === undefined || status >= 500) return 'unavailable';
  if (status === 401) return 'token-refused';
  if (status === 429 || (status === 403 && isRateLimit(message, headers))) return 'rate-limited';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  return status === 400 || status === 422 ? 'invalid' : 'refused';
}

const isRateLimit = (message: string, headers: FailedCall['headers']): boolean =>
  headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message);

function sentence(kind: FailureKind, call: FailedCall): string {
  const { method, repository, headers } = call;
  const what = `${method} ${call.address.replace('{owner}/{repo}', repository)}`;
  const said = `GitHub says: ${firstLine(call.message)}`;
  const accepted = headers['x-accepted-github-permissions'];
  const permission = neededPermission(method, call.address, accepted === undefined ? undefined : String(accepted));
  switch (kind) {
    case 'token-refused':
      return `GitHub refused the token (${what}): it is absent, wrong or expired. Set GITHUB_TOKEN. ${said}`;
    case 'forbidden':
      return isPermission(call.message)
        ? `The token may not ${what}${permission ? `: it lacks ${permission}` : ''}. ${howToGrant(permission)} ${said}`
        : `GitHub refused ${what}. ${said}`;
    case 'not-found':
      return (
        `GitHub finds nothing at ${what}. It also says so of what the token may not see: check the number, ` +
        `GITHUB_REPOSITORY (${repository})${permission ? `, and that the token has ${permission}` : ''}.`
      );
    case 'rate-limited':
      return `GitHub's rate limit stopped ${what}. ${until(headers)}${said}`;
    case 'unavailable':
      return `GitHub gave no usable answer to ${what}, whatever was retried: ${firstLine(call.message)}`;
    default:
      return `GitHub refused ${what} (${call.status}). ${said}`;
  }
}

const isPermission = (message: string): boolean => /resource not accessible|must have|permission/i.test(message);

function until(headers: FailedCall['headers']): string {
  const reset = Number(headers['x-ratelimit-reset']);
  if (headers['x-ratelimit-remaining'] === '0' && reset > 0) {
    return `It ends at ${new Date(reset * 1000).toISOString()}. `;
  }
  return headers['retry-after'] === undefined ? '' : `Try again in ${headers['retry-after']} s. `;
}

/** A gateway's page of HTML is no sentence. */
const firstLine = (message: string): string => (message.split('\n')[0] ?? '').slice(0, 300);
