/**
 * Which commit the working tree is, and whether it differs from it.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readVariables } from '../variables.ts';

export interface Commit {
  /** 40 hex digits, or `unknown`. */
  readonly commit: string;
  /** When it was made, ISO 8601 with its offset; null where the commit is unknown. */
  readonly committedAt: string | null;
  /** True also when it can't be found out: what is not known to be clean is not clean. */
  readonly dirty: boolean;
}

/** Without git, or outside a repository, or before the first commit: `unknown` and dirty. Never throws. */
export async function describeCommit(root: string): Promise<Commit> {
  try {
    const [head, changes] = await Promise.all([
      git(root, 'show', '--no-patch', '--no-show-signature', '--format=%H %cI', 'HEAD'),
      git(root, 'status', '--porcelain'),
    ]);
    const [commit = 'unknown', committedAt = null] = head.trim().split(' ');
    return { commit, committedAt, dirty: changes.trim() !== '' };
  } catch {
    // Every way this fails means the same: the origin of these files is not known. The release says so.
    return { commit: 'unknown', committedAt: null, dirty: true };
  }
}

async function git(root: string, ...options: string[]): Promise<string> {
  // Without optional locks a person's own git command beside ours is never refused.
  const env = { ...readVariables(), GIT_OPTIONAL_LOCKS: '0' };
  const { stdout } = await promisify(execFile)('git', ['-C', root, ...options], { env, maxBuffer: 64 * 2 ** 20 });
  return stdout;
}
