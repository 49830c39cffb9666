/**
 * The repository as GitHub would hold it, and a developer's clone of it: the working tree of this repository, committed
 * once, in which the story makes its changes.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import { EXIT, GitOpsError } from '../core/errors.ts';

const run = promisify(execFile);

/** Thrown when git refuses; its own words are in the message. */
export class GitFailedError extends GitOpsError {
  constructor(args: readonly string[], cause: unknown) {
    const { stderr = '', message = '' } = cause as { stderr?: string; message?: string };
    super(`git ${args.join(' ')}: ${(stderr || message).trim()}`, {
      code: 'GIT_FAILED',
      source: 'internal',
      exitCode: EXIT.failed,
      cause,
    });
  }
}

/** Nothing of the machine's own configuration: no hooks, no signing, no name of its owner. */
const ISOLATED = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A developer',
  GIT_AUTHOR_EMAIL: 'developer@example.com',
  GIT_COMMITTER_NAME: 'A developer',
  GIT_COMMITTER_EMAIL: 'developer@example.com',
};

export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', [...args], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd, ...ISOLATED },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim();
  } catch (error) {
    throw new GitFailedError(args, error);
  }
}

export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export class GitHost {
  /** The bare repository that stands for GitHub's. */
  readonly remote: string;
  /** The developer's. */
  readonly clone: string;
  /** `OWNER/NAME` */
  private readonly name: string;

  private constructor(root: string, name: string) {
    this.remote = join(root, 'remote.git');
    this.clone = join(root, 'clone');
    this.name = name;
  }

  /** @param name `OWNER/NAME` */
  static async make(root: string, name: string): Promise<GitHost> {
    const host = new GitHost(root, name);
    const listed = await git(REPOSITORY_ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
    await mkdir(host.clone, { recursive: true });
    for (const file of listed.split('\0').filter((each) => each !== '')) {
      // Listed and gone: deleted, not committed yet.
      await cp(join(REPOSITORY_ROOT, file), join(host.clone, file), { recursive: true }).catch(goneIsFine);
    }
    await git(root, 'init', '--quiet', '--bare', '--initial-branch=main', host.remote);
    await git(host.clone, 'init', '--quiet', '--initial-branch=main');
    await git(host.clone, 'remote', 'add', 'origin', host.remote);
    await symlink(join(REPOSITORY_ROOT, 'node_modules'), join(host.clone, 'node_modules'));
    // A link is no folder: `node_modules/` of .gitignore does not speak of it.
    await writeFile(join(host.clone, '.git/info/exclude'), 'node_modules\n');
    await host.commit('The platform as it is');
    await git(host.clone, 'push', '--quiet', 'origin', 'main');
    return host;
  }

  /** The tip of main. */
  async main(): Promise<string> {
    return await git(this.remote, 'rev-parse', 'main');
  }

  /** A branch from main with one commit. @returns the commit */
  async branch(name: string, title: string, edits: readonly Edit[]): Promise<string> {
    await git(this.clone, 'checkout', '--quiet', '-B', name, 'main');
    for (const edit of edits) await this.edit(edit);
    await this.commit(title);
    await git(this.clone, 'push', '--quiet', '--force', 'origin', name);
    return await git(this.clone, 'rev-parse', 'HEAD');
  }

  async dropBranch(name: string): Promise<void> {
    await git(this.clone, 'checkout', '--quiet', 'main');
    await git(this.clone, 'branch', '--quiet', '--delete', '--force', name);
    await git(this.clone, 'push', '--quiet', 'origin', '--delete', name);
  }

  /** What a run for a pull request checks out: its branch merged into main. @returns the commit */
  async mergeRef(branch: string, number: number): Promise<string> {
    await git(this.clone, 'checkout', '--quiet', '--detach', 'main');
    await git(this.clone, 'merge', '--quiet', '--no-ff', '--message', `Merge ${branch} into main`, branch);
    const commit = await git(this.clone, 'rev-parse', 'HEAD');
    await git(this.clone, 'push', '--quiet', '--force', 'origin', `HEAD:refs/pull/${number}/merge`);
    await git(this.clone, 'checkout', '--quiet', 'main');
    return commit;
  }

  /** Squashes a branch into main. @returns the commit */
  async merge(branch: string, title: string): Promise<string> {
    await git(this.clone, 'checkout', '--quiet', 'main');
    await git(this.clone, 'merge', '--quiet', '--squash', branch);
    await this.commit(title);
    await git(this.clone, 'push', '--quiet', 'origin', 'main');
    return await git(this.clone, 'rev-parse', 'HEAD');
  }

  /** A fresh clone at a commit, as act reads its workflow files; it takes the repository's name from the remote. */
  async checkOut(commit: string, folder: string): Promise<void> {
    await git(this.clone, 'clone', '--quiet', '--no-checkout', this.remote, folder);
    await git(folder, 'checkout', '--quiet', commit);
    await git(folder, 'remote', 'set-url', 'origin', `https://github.com/${this.name}.git`);
  }

  private async edit({ file, from, to }: Edit): Promise<void> {
    const path = join(this.clone, file);
    const text = await readFile(path, 'utf8');
    if (!text.includes(from)) {
      throw new GitOpsError(`${file} does not hold ${JSON.stringify(from)}, which the rehearsal changes.`, {
        code: 'EDIT_WITHOUT_PLACE',
        source: 'internal',
        exitCode: EXIT.failed,
      });
    }
    await writeFile(path, text.replace(from, to));
  }

  private async commit(message: string): Promise<void> {
    await git(this.clone, 'add', '--all');
    await git(this.clone, 'commit', '--quiet', '--message', message);
  }
}

function goneIsFine(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
