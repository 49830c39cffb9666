/**
 * Which role is taken on and how often it is tried, from the inputs; and what is refused. Pure.
 *
 * Source: README.md, action.yml and src/ of aws-actions/configure-aws-credentials v6.2.3.
 */
import {
  ActionRefusedError,
  booleanInput,
  type Inputs,
  NotRehearsedError,
  refuseUnplayed,
  requiredInput,
  textInput,
} from '../shared/step.ts';

export interface Settings {
  readonly region: string;
  /** ARN */
  readonly role: string;
  /** Twelve digits, from the ARN. */
  readonly account: string;
  readonly audience: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly duration: number;
  /** Empty: any account will do. */
  readonly allowedAccounts: readonly string[];
  readonly attempts: number;
  readonly maskAccount: boolean;
  readonly asOutputs: boolean;
  readonly asVariables: boolean;
}

const UNPLAYED = [
  'aws-access-key-id',
  'aws-secret-access-key',
  'aws-session-token',
  'aws-profile',
  'overwrite-aws-profile',
  'web-identity-token-file',
  'role-chaining',
  'role-external-id',
  'transitive-tag-keys',
  'custom-tags',
  'inline-session-policy',
  'managed-session-policies',
  'http-proxy',
  'no-proxy',
  'sts-endpoint',
  'unset-current-credentials',
  'use-existing-credentials',
  'special-characters-workaround',
  'force-skip-oidc',
  'action-timeout-s',
];

const MOST_ATTEMPTS = 12;

/** @throws ActionRefusedError, NotRehearsedError */
export function readSettings(inputs: Inputs): Settings {
  refuseUnplayed(inputs, Object.fromEntries(UNPLAYED.map((name) => [name, 'false'])));
  const region = requiredInput(inputs, 'aws-region');
  if (!/^[a-z0-9-]+$/.test(region)) {
    throw new ActionRefusedError(`The input aws-region is ${JSON.stringify(region)}, which is no region.`);
  }
  booleanInput(inputs, 'role-skip-session-tagging', false);
  const once = booleanInput(inputs, 'disable-retry', false);
  const wanted = Number.parseInt(textInput(inputs, 'retry-max-attempts'), 10) || MOST_ATTEMPTS;
  return {
    region,
    ...readRole(textInput(inputs, 'role-to-assume')),
    audience: textInput(inputs, 'audience'),
    sessionName: readSessionName(textInput(inputs, 'role-session-name') || 'GitHubActions'),
    duration: readDuration(Number.parseInt(textInput(inputs, 'role-duration-seconds'), 10) || 3600),
    allowedAccounts: textInput(inputs, 'allowed-account-ids')
      .split(',')
      .map((account) => account.trim())
      .filter((account) => account !== ''),
    attempts: once ? 1 : Math.max(1, wanted),
    maskAccount: booleanInput(inputs, 'mask-aws-account-id', false),
    asOutputs: booleanInput(inputs, 'output-credentials', false),
    asVariables: booleanInput(inputs, 'output-env-credentials', true),
  };
}

function readRole(role: string): Pick<Settings, 'role' | 'account'> {
  if (role === '') {
    throw new NotRehearsedError('The input role-to-assume is empty: credentials of other kinds are not played.');
  }
  if (!role.startsWith('arn:aws')) {
    throw new ActionRefusedError(
      `The input role-to-assume is ${JSON.stringify(role)}: a role without its account needs credentials to begin ` +
        'with. Give its ARN.',
    );
  }
  const account = /^arn:aws[\w-]*:iam::(\d{12}):role\/.+$/.exec(role)?.[1];
  if (account !== undefined) return { role, account };
  throw new ActionRefusedError(`The input role-to-assume is ${JSON.stringify(role)}, which is no ARN of a role.`);
}

/** Bounds and characters are those of STS. */
function readSessionName(name: string): string {
  if (name.length < 2 || name.length > 64) {
    throw new ActionRefusedError(`The input role-session-name has ${name.length} characters; allowed: 2 to 64.`);
  }
  if (/^[\w+=,.@-]*$/.test(name)) return name;
  throw new ActionRefusedError(
    `The input role-session-name is ${JSON.stringify(name)}; allowed: letters, digits and _ + = , . @ -`,
  );
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
function readDuration(seconds: number): number {
  if (seconds >= 900 && seconds <= 43_200) return seconds;
  throw new ActionRefusedError(`The input role-duration-seconds is ${seconds}; STS takes 900 to 43200.`);
}
