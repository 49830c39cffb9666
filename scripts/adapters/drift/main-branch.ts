/**
 * Whether the branch that is promoted still has a commit, and how many it has since.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OnMain } from '../../core/drift/judge-ledger.ts';
import { readVariables } from '../variables.ts';

/** What the remote has comes first: a branch here may be old. */
const MAIN = ['refs/remotes/origin/main', 'refs/heads/main'] as const;

/**
 * @param local emulated accounts hold what is worked on here: then the branch that is checked out is the measure
 * @param commit 40 hex digits
 */
export async function findOnMain(root: string, commit: string, local: boolean): Promise<OnMain> {
  const refs = local ? ['HEAD'] : MAIN;
  for (const ref of refs) {
    if ((await git(root, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`)).ok)
      return await look(root, commit, ref);
  }
  return { known: false, reason: 'There is no git history of main here to look the commit up in.' };
}

async function look(root: string, commit: string, ref: string): Promise<OnMain> {
  const branch = ref === 'HEAD' ? 'the branch checked out' : 'main';
  if ((await git(root, 'merge-base', '--is-ancestor', commit, ref)).ok) {
    const count = await git(root, 'rev-list', '--count', `${commit}..${ref}`);
    return { known: true, branch, contained: true, behind: Number(count.text) };
  }
  const shallow = (await git(root, 'rev-parse', '--is-shallow-repository')).text === 'true';
  if (shallow) return { known: false, reason: 'Only the newest commits are here: fetch the whole history of main.' };
  return { known: true, branch, contained: false, behind: 0 };
}

async function git(root: string, ...options: string[]): Promise<{ readonly ok: boolean; readonly text: string }> {
  const env = { ...readVariables(), GIT_OPTIONAL_LOCKS: '0' };
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', root, ...options], { env });
    return { ok: true, text: stdout.trim() };
  } catch {
    // No git, no repository, no such commit: each means that the answer is no.
    return { ok: false, text: '' };
  }
}
