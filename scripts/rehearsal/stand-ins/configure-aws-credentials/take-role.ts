/** Changes the job's OIDC token into a session of a role, and gives the session to the job's later steps. */
import { requireVariables, type Variables } from '../../../adapters/variables.ts';
import { ActionRefusedError, NotRehearsedError, type Step } from '../shared/step.ts';
import { readSettings, type Settings } from './settings.ts';

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: string;
  readonly assumedRole: string;
}

export interface Sts {
  assume(settings: Settings, token: string): Promise<SessionCredentials>;
  /** Twelve digits. */
  accountOf(settings: Settings, credentials: SessionCredentials): Promise<string>;
}

export interface Dependencies {
  /** The job's token for an audience. */
  readonly idToken: (audience: string) => Promise<string>;
  readonly sts: Sts;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** The action waits up to 50 ms, 100 ms, 200 ms … between attempts; here nothing gets better by waiting. */
const PAUSE_MS = 20;

/** @throws ActionRefusedError, NotRehearsedError; MissingVariablesError outside a job */
export async function takeRole(step: Step, { idToken, sts, wait }: Dependencies): Promise<void> {
  const settings = readSettings(step.inputs);
  if (settings.asVariables) exportRegion(step, settings.region);
  requireToken(step);
  // The action makes session tags of these, and fails without them.
  requireVariables(NEEDED, step.variables);
  const attempt = <T>(what: string, act: () => Promise<T>): Promise<T> =>
    retried({ step, wait, attempts: settings.attempts, what, act });

  const token = await attempt('The OIDC token of the job', () => idToken(settings.audience));
  const session = await attempt(`Role ${settings.role}`, () => sts.assume(settings, token));
  step.say(`Took on ${settings.role} as ${session.assumedRole}`);
  handOut(step, settings, session);
  const account = await attempt('The identity of the session', () => sts.accountOf(settings, session));
  if (settings.allowedAccounts.length > 0 && !settings.allowedAccounts.includes(account)) {
    throw new ActionRefusedError(
      `The session is of account ${account}, and allowed-account-ids has ${settings.allowedAccounts.join(', ')}.`,
    );
  }
  if (!settings.asVariables) return;
  if (settings.maskAccount) step.mask(account);
  step.setOutput('aws-account-id', account);
}

const NEEDED = [
  'GITHUB_REPOSITORY',
  'GITHUB_WORKFLOW',
  'GITHUB_ACTION',
  'GITHUB_ACTOR',
  'GITHUB_SHA',
  'GITHUB_WORKSPACE',
] as const;

/** The runner gives a job these two where its permissions have id-token: write. */
function requireToken({ variables, say }: Step): void {
  if (variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN']) {
    if (variables['ACTIONS_ID_TOKEN_REQUEST_URL']) return;
    throw new ActionRefusedError('The OIDC token of the job: there is no ACTIONS_ID_TOKEN_REQUEST_URL.');
  }
  if (hasOwnCredentials(variables)) {
    throw new NotRehearsedError('There are credentials already: to take on a role with them is not played.');
  }
  say('A role is to be taken on, and the job may ask for no OIDC token. Does it lack the permission id-token: write?');
  throw new ActionRefusedError('No credentials can be had: the job has no OIDC token and none of its own.');
}

const hasOwnCredentials = (variables: Variables): boolean => Boolean(variables['AWS_ACCESS_KEY_ID']);

interface Retried<T> {
  readonly step: Step;
  readonly wait: (ms: number) => Promise<unknown>;
  readonly attempts: number;
  readonly what: string;
  readonly act: () => Promise<T>;
}

/** Every failure is tried again, a refusal too, as the action does: a role that was just made may not be known yet. */
async function retried<T>({ step, wait, attempts, what, act }: Retried<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof NotRehearsedError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (attempt >= attempts) {
        throw new ActionRefusedError(`${what} was not given in ${attempts} attempt(s): ${reason}`, error);
      }
      step.say(`${what}: attempt ${attempt} of ${attempts} failed: ${reason}`);
    }
    await wait(PAUSE_MS);
  }
}

function exportRegion(step: Step, region: string): void {
  step.exportVariable('AWS_DEFAULT_REGION', region);
  step.exportVariable('AWS_REGION', region);
}

/** Before the account is looked at: where that fails, the job fails, and with it the steps that would use them. */
function handOut(step: Step, { asVariables, asOutputs }: Settings, session: SessionCredentials): void {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = session;
  for (const secret of [accessKeyId, secretAccessKey, sessionToken]) step.mask(secret);
  if (asVariables) {
    step.exportVariable('AWS_ACCESS_KEY_ID', accessKeyId);
    step.exportVariable('AWS_SECRET_ACCESS_KEY', secretAccessKey);
    step.exportVariable('AWS_SESSION_TOKEN', sessionToken);
  }
  if (!asOutputs) return;
  step.setOutput('aws-access-key-id', accessKeyId);
  step.setOutput('aws-secret-access-key', secretAccessKey);
  step.setOutput('aws-session-token', sessionToken);
  step.setOutput('aws-expiration', expiration);
}
