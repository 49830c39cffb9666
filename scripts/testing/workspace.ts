/**
 * A copy of the repository: commands run in it as processes, as a person types them, and edits in it reach nobody else.
 * With emulated accounts of its own, or none yet. Gone when the tests are over.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironments } from '../../environments/load.ts';
import { accountsOf } from '../adapters/emulator/accounts.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import { type Owner, type TestAccount, withEmulatedAccount } from './emulator.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RepositoryCopy {
  readonly root: string;
  /** `npm run <verb> -- <args>`, without npm. */
  run(verb: string, ...args: string[]): Promise<Ended>;
  /** The same, not waited for. */
  start(verb: string, ...args: string[]): ChildProcess;
  /** The one JSON document of a verb that ended well or not. */
  json(verb: string, ...args: string[]): Promise<{ code: number | null; document: Record<string, unknown> }>;
  /** Replaces text in a file. @throws Error when the text is not there: an edit that does nothing proves nothing */
  edit(file: string, from: string, to: string): void;
  /** Commits what was edited, on a clock that goes on by a minute: releases have an order. */
  commit(message: string): void;
}

export interface Workspace extends RepositoryCopy {
  /** By account id. */
  readonly accounts: ReadonlyMap<string, TestAccount>;
}

const COPIED = ['environments', 'infra', 'lambdas', 'scripts', 'package.json', 'tsconfig.json', 'cdk.json'];

/** Accounts are started and hold nothing yet: `bootstrap --local` comes first. */
export async function withWorkspace(owner: Owner): Promise<Workspace> {
  const copy = await withRepositoryCopy(owner);
  const requests = accountsOf(loadEnvironments({ variables: {} }));
  const started = await Promise.all(
    requests.map(({ account, names }) => withEmulatedAccount(owner, { account, environments: names })),
  );
  mkdirSync(join(copy.root, '.gitops/accounts'), { recursive: true });
  for (const { account, stateDir } of started) {
    const state = join('accounts', `${account}.json`);
    cpSync(join(stateDir, state), join(copy.root, '.gitops', state));
  }
  return { ...copy, accounts: new Map(started.map((account) => [account.account, account])) };
}

/**
 * The copy alone, committed once.
 * @param variables for every command, beside a bare minimum
 */
export async function withRepositoryCopy(
  owner: Owner,
  variables: Readonly<Record<string, string>> = {},
): Promise<RepositoryCopy> {
  const root = await mkdtemp(join(tmpdir(), 'workspace-'));
  owner.after(() => rm(root, { recursive: true, force: true }));
  for (const name of COPIED) {
    cpSync(join(REPOSITORY_ROOT, name), join(root, name), {
      recursive: true,
      filter: (path) => !/\.test\.ts$/.test(path),
    });
  }
  symlinkSync(join(REPOSITORY_ROOT, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, '.gitignore'), 'node_modules\ncdk.out*\n.cdk.out\n.gitops\n.home\n');
  git(root, 0, 'init', '--quiet', '--initial-branch=main');

  let minute = 0;
  const start = (verb: string, ...args: string[]): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', `scripts/commands/${verb}/main.ts`, ...args], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: join(root, '.home'), LANG: 'C.UTF-8', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const run = async (verb: string, ...args: string[]): Promise<Ended> => collect(start(verb, ...args));
  const copy: RepositoryCopy = {
    root,
    start,
    run,
    json: async (verb, ...args) => {
      const { code, stdout, stderr } = await run(verb, ...args, '--json');
      try {
        return { code, document: JSON.parse(stdout) as Record<string, unknown> };
      } catch {
        throw new Error(`${verb} ${args.join(' ')} ended with ${code} and no JSON:\n${stdout}\n${stderr}`);
      }
    },
    edit: (file, from, to) => {
      const path = join(root, file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not hold ${JSON.stringify(from)}`);
      writeFileSync(path, text.replace(from, to));
    },
    commit: (message) => {
      minute += 1;
      git(root, minute, 'add', '--all');
      git(root, minute, 'commit', '--quiet', '--message', message);
    },
  };
  copy.commit('first');
  return copy;
}

/** Waits for the end of a process. */
export async function collect(child: ChildProcess): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...text };
}

function git(root: string, minute: number, ...args: string[]): void {
  const date = new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
  const who = { GIT_AUTHOR_NAME: 'test', GIT_AUTHOR_EMAIL: 'test@example.com' };
  const whoElse = { GIT_COMMITTER_NAME: 'test', GIT_COMMITTER_EMAIL: 'test@example.com' };
  const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  execFileSync('git', ['-C', root, ...args], {
    env: { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1', ...who, ...whoElse, ...dates },
  });
}
