/**
 * What GitHub answers to a call it refuses, word for word where the words are known.
 *
 * Sources: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api,
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api, and answers of the service quoted in
 * public issues. Code may depend on status and headers, and on no more of a text than its first words.
 */
import { ServiceError, type ValidationProblem } from './service-error.ts';

const invalid = (...errors: ValidationProblem[]): ServiceError =>
  new ServiceError(422, 'Validation Failed', { errors });

export const refuse = {
  badCredentials: () => new ServiceError(401, 'Bad credentials'),
  authenticationNeeded: () => new ServiceError(401, 'Requires authentication'),
  /** Also for what exists and may not be seen: GitHub does not tell which. */
  notFound: () => new ServiceError(404, 'Not Found'),
  notAccessible: (holder: 'integration' | 'personal access token', accepted: string) =>
    new ServiceError(403, `Resource not accessible by ${holder}`, {
      headers: { 'x-accepted-github-permissions': accepted },
    }),
  archived: () => new ServiceError(403, 'Repository was archived so is read-only.'),
  issuesDisabled: () => new ServiceError(410, 'Issues has been disabled in this repository.'),
  artifactExpired: () => new ServiceError(410, 'Artifact has expired'),
  problemsParsingJson: () => new ServiceError(400, 'Problems parsing JSON'),

  missingField: (resource: string, field: string) => invalid({ resource, field, code: 'missing_field' }),
  tooLong: (resource: string, field: string, maximum: number) =>
    invalid({ resource, field, code: 'custom', message: `${field} is too long (maximum is ${maximum} characters)` }),
  blank: (resource: string, field: string) =>
    invalid({ resource, field, code: 'custom', message: `${field} can't be blank` }),
  alreadyExists: (resource: string, field: string) => invalid({ resource, field, code: 'already_exists' }),
  invalidField: (resource: string, field: string, message?: string) =>
    invalid({ resource, field, code: 'invalid', message }),
  unprocessable: (message: string) => new ServiceError(422, message),
  conflict: (message: string) => new ServiceError(409, message),
  /** Of a server that does not know the key yet. */
  keyNotPermitted: (key: string) => new ServiceError(422, `Invalid request.\n\n"${key}" is not a permitted key.`),
  /** Rulesets of a private repository need a paid plan. */
  upgradeNeeded: () =>
    new ServiceError(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.'),
  /** Required reviewers and wait timers of a private repository need Enterprise. */
  planLacks: (rule: 'required reviewers' | 'wait timer') =>
    new ServiceError(
      422,
      `Failed to create the environment protection rule. Please ensure the billing plan supports the ${rule} protection rule.`,
    ),
} as const satisfies Record<string, (...facts: never[]) => ServiceError>;

/** What GitHub answers when it has too much or too little of something. */
export const trouble = {
  /** The hour's requests are used up; `x-ratelimit-reset` says when it starts anew. */
  primaryLimit: () => new ServiceError(403, 'API rate limit exceeded for installation ID 1.'),
  secondaryLimit: (status: 403 | 429, retryAfterSeconds: number | undefined) =>
    new ServiceError(
      status,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      { headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) } },
    ),
  badGateway: () => new ServiceError(502, 'Server Error'),
  unavailable: () => new ServiceError(503, 'Service unavailable'),
} as const;
