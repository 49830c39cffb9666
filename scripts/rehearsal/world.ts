/**
 * All that a rehearsal stands on, in one folder: a repository, GitHub, an OIDC issuer, and AWS accounts behind gates
 * that look at tokens. Ended and removed as one; what a killed rehearsal left is ended by the next.
 */
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { accountsOf, stopAccounts } from '../adapters/emulator/accounts.ts';
import { ensurePython } from '../adapters/emulator/python-environment.ts';
import { stateDirectory } from '../adapters/emulator/state-dir.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import type { Reporter } from '../core/progress.ts';
import { readWorkflowFiles } from '../repository/workflows/workflow-files.ts';
import { FakeGitHub } from '../testing/fake-github/fake-github.ts';
import { ensureAct } from './act/ensure-act.ts';
import { accountsIn, claimRehearsal } from './claim.ts';
import { Cloud } from './cloud.ts';
import { Controller } from './controller.ts';
import { freePorts } from './free-ports.ts';
import { GitHost } from './git-host.ts';
import { type Issuer, startIssuer } from './oidc/issuer.ts';
import { Recorder } from './recorder.ts';
import { localRepositories } from './stand-ins/local-repositories.ts';

export interface World {
  readonly root: string;
  /** What act said in each run; kept when the rehearsal is over. */
  readonly logs: string;
  readonly environments: readonly EnvironmentConfig[];
  readonly git: GitHost;
  readonly github: FakeGitHub;
  readonly issuer: Issuer;
  readonly controller: Controller;
  readonly cloud: Cloud;
  readonly timeline: Recorder;
  /** The program that runs workflow files. */
  readonly act: string;
  readonly standIns: readonly string[];
  /** Of jobs. */
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly jobToken: string;
}

export interface WorldOptions {
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Called with each thing to end, the last one first in the end. */
  readonly onExit: (hook: () => Promise<void>) => void;
  /** Leaves the folder where it is. */
  readonly keep: boolean;
  /** `npm test` in a job runs the tests and not only the type check. */
  readonly withTests: boolean;
}

const STAND_INS = join(import.meta.dirname, 'stand-ins');

/** @throws ActUnavailableError, PythonUnavailableError */
export async function openWorld({ reporter, signal, onExit, keep, withTests }: WorldOptions): Promise<World> {
  const task = reporter.task('Setting the stage');
  const state = stateDirectory();
  const logs = join(state, 'rehearsal');
  const root = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  onExit(async () => {
    // Interrupted, a step of a job may still write its last file.
    if (!keep) await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });
  await mkdir(state, { recursive: true });
  onExit(await claimRehearsal(state, root, reporter));
  await rm(logs, { recursive: true, force: true });
  await mkdir(logs, { recursive: true });
  const log = (line: string): void => task.update(line);
  const [act] = await Promise.all([ensureAct({ log }), ensurePython({ log })]);
  const accountsState = accountsIn(root);
  await mkdir(accountsState);
  // Made once for all: it is large, and the same.
  await symlink(join(state, 'python'), join(accountsState, 'python'));
  onExit(async () => void (await stopAccounts({ stateDir: accountsState, reporter })));

  const name = await repositoryName();
  const [git, github, issuer, controller] = await Promise.all([
    GitHost.make(root, name),
    FakeGitHub.start({ name }),
    startIssuer(),
    Controller.start(),
  ]);
  github.addCommit('The platform as it is', [], await git.main());
  onExit(() => controller.close());
  onExit(() => issuer.close());
  onExit(() => github.close());
  signal.throwIfAborted();
  const environments = loadEnvironments({ variables: {} });
  const timeline = new Recorder();
  const basePort = await freePorts(accountsOf(environments).length);
  const cloud = new Cloud({ stateDir: accountsState, gated: join(root, 'gated'), basePort, issuer, timeline });
  onExit(() => cloud.close());
  const standIns = localRepositories([...readWorkflowFiles(REPOSITORY_ROOT).values()], STAND_INS);
  task.done(name);
  return {
    root,
    logs,
    environments,
    git,
    github,
    issuer,
    controller,
    cloud,
    timeline,
    act,
    standIns,
    path: [join(STAND_INS, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    variables: {
      GITHUB_API_URL: github.endpoint,
      GITHUB_GRAPHQL_URL: `${github.endpoint}/graphql`,
      GITOPS_LOCAL: 'true',
      GITOPS_STATE_DIR: cloud.gated,
      REHEARSAL_NODE: process.execPath,
      REHEARSAL_LOADER: import.meta.resolve('tsx'),
      REHEARSAL_STAND_INS: STAND_INS,
      REHEARSAL_REMOTE: git.remote,
      REHEARSAL_NODE_MODULES: join(REPOSITORY_ROOT, 'node_modules'),
      ...(withTests && { REHEARSAL_WITH_TESTS: '1' }),
    },
    // What the jobs ask for, together: act has one token for all of them.
    jobToken: github.addToken({
      permissions: { actions: 'read', contents: 'read', issues: 'write', pull_requests: 'write' },
    }),
  };
}

/** The name the roles trust: from cdk.json, as the stacks have it. */
async function repositoryName(): Promise<string> {
  const text = await readFile(join(REPOSITORY_ROOT, 'cdk.json'), 'utf8');
  return z.object({ context: z.object({ repository: z.string() }) }).parse(JSON.parse(text)).context.repository;
}
