/** The change the story is about: more memory for the functions, in every environment. */
import type { Edit } from '../git-host.ts';
import type { Story } from '../story.ts';
import { DEVELOPER } from './people.ts';

const BRANCH = 'more-memory';
const TITLE = 'feat(functions): more memory';
export const MEMORY_EDITS = [
  { file: 'environments/dev.json', from: '"memoryMb": 512', to: '"memoryMb": 768' },
  { file: 'environments/staging.json', from: '"memoryMb": 1024', to: '"memoryMb": 1536' },
  { file: 'environments/prod.json', from: '"memoryMb": 2048', to: '"memoryMb": 3072' },
];

export interface OpenPull {
  readonly number: number;
  readonly branch: string;
  readonly title: string;
  /** Tip of the branch. */
  readonly head: string;
  /** Tip of main when it was opened. */
  readonly base: string;
}

interface Change {
  readonly branch: string;
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Where its branch is, when not here. */
  readonly fork?: { readonly headRepository: string };
}

/** Opens a pull request. */
export async function openPull({ world }: Story, change: Change): Promise<OpenPull> {
  const { branch, title, edits, fork } = change;
  const base = await world.git.main();
  const head = await world.git.branch(branch, title, edits);
  const number = world.github.addPullRequest({ title, author: DEVELOPER, ref: branch, sha: head, ...fork });
  return { number, branch, title, head, base };
}

/** Merges it. @returns the commit on main */
export async function mergePull({ world }: Story, { number, branch, title }: OpenPull): Promise<string> {
  const commit = await world.git.merge(branch, `${title} (#${number})`);
  world.github.merge(number, commit);
  return commit;
}

export const openMemoryPull = (story: Story): Promise<OpenPull> =>
  openPull(story, { branch: BRANCH, title: TITLE, edits: MEMORY_EDITS });
