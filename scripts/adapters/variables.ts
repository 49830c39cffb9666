/**
 * The one module of `scripts` that reads environment variables, and only inside functions: so a test or a second
 * account never inherits what was read at import, and every missing name is reported together.
 */
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { EXIT, GitOpsError } from '../core/errors.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Thrown when variables a command needs are absent or empty; names every one of them. Exit 2. */
export class MissingVariablesError extends GitOpsError {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super(`Set ${names.length === 1 ? 'the environment variable' : 'the environment variables'} ${names.join(', ')}.`, {
      code: 'MISSING_VARIABLES',
      source: 'user',
      exitCode: EXIT.usage,
    });
    this.names = names;
  }
}

/** All variables of this process, for what passes them on: configuration overrides and child processes. */
export function readVariables(): Variables {
  return { ...process.env };
}

/** @throws MissingVariablesError naming all of `names` that are absent or empty. */
export function requireVariables<Name extends string>(
  names: readonly Name[],
  variables: Variables = readVariables(),
): Record<Name, string> {
  const missing = names.filter((name) => !variables[name]);
  if (missing.length > 0) throw new MissingVariablesError(missing);
  return Object.fromEntries(names.map((name) => [name, variables[name]])) as Record<Name, string>;
}

/** What of the process's surroundings changes how output looks. */
export interface Surroundings {
  /** A runner of GitHub Actions: groups, annotations, job summary. */
  readonly githubActions: boolean;
  /** No person watches: no live lines. */
  readonly ci: boolean;
  /** A terminal that can't move its cursor. */
  readonly dumbTerminal: boolean;
  /** Stacks of errors are shown. */
  readonly debug: boolean;
}

export function readSurroundings(variables: Variables = readVariables()): Surroundings {
  return {
    githubActions: variables['GITHUB_ACTIONS'] === 'true',
    ci: isOn(variables, 'CI'),
    dumbTerminal: variables['TERM'] === 'dumb',
    debug: isOn(variables, 'GITOPS_DEBUG'),
  };
}

const isOn = (variables: Variables, name: string): boolean => !['', '0', 'false', undefined].includes(variables[name]);

/** `GITOPS_LOCAL`: every verb aims at the emulated accounts, as with `--local`. */
export function readLocal(variables: Variables = readVariables()): boolean {
  return isOn(variables, 'GITOPS_LOCAL');
}

/** `GITOPS_STATE_DIR`: where local state lives instead of `.gitops/`, relative to the working directory. */
export function readStateDirectory(variables: Variables = readVariables()): string | undefined {
  const path = variables['GITOPS_STATE_DIR'];
  return path ? resolve(path) : undefined;
}

/** Credentials of a person or a session, as the AWS SDK names them. */
export interface EnvironmentCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of a session only. */
  readonly sessionToken?: string;
}

/**
 * The credentials in the environment.
 * @throws MissingVariablesError
 */
export function readCredentials(variables: Variables = readVariables()): EnvironmentCredentials {
  const found = requireVariables(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'], variables);
  return {
    accessKeyId: found.AWS_ACCESS_KEY_ID,
    secretAccessKey: found.AWS_SECRET_ACCESS_KEY,
    ...(variables['AWS_SESSION_TOKEN'] && { sessionToken: variables['AWS_SESSION_TOKEN'] }),
  };
}

/** Who acts, for the ledger and the lock: the login and run of GitHub Actions, or user and host. */
export function readActor(variables: Variables = readVariables()): string {
  const { GITHUB_ACTIONS, GITHUB_ACTOR, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT = '1' } = variables;
  if (GITHUB_ACTIONS === 'true' && GITHUB_ACTOR) return `${GITHUB_ACTOR} (run ${GITHUB_RUN_ID}/${GITHUB_RUN_ATTEMPT})`;
  return `${userName()}@${hostname()}`;
}

/** A container may run as a user id that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** `CDK_DEFAULT_REGION`: the region of what is not bound to an environment. */
export function readFallbackRegion(variables: Variables = readVariables()): string | undefined {
  return variables['CDK_DEFAULT_REGION'] || undefined;
}

/** `REPOSITORY_VARIABLES`: all variables of the repository as JSON, as a workflow passes them. */
export function readRepositoryVariables(variables: Variables = readVariables()): string | undefined {
  return variables['REPOSITORY_VARIABLES'] || undefined;
}

/**
 * Keeps the AWS SDK from printing, once per process and thread, that its next major versions want a newer Node: which
 * versions of Node serve is in `engines` of package.json. To be called before a client is made.
 */
export function quietSdkNodeWarning(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}
