/**
 * What is to be checked out where, from the inputs and the event; and what is refused. Pure.
 *
 * Source: README.md, action.yml and src/ of actions/checkout v7.0.1.
 */
import { resolve, sep } from 'node:path';
import { requireVariables, type Variables } from '../../../adapters/variables.ts';
import { ActionRefusedError, type Inputs, NotRehearsedError, refuseUnplayed, textInput } from '../shared/step.ts';
import { refuseForkCode } from './fork-code.ts';

export interface Settings {
  /** `owner/name` */
  readonly repository: string;
  /** Folder it goes to, absolute. */
  readonly folder: string;
  /** Empty where a commit was asked for. */
  readonly ref: string;
  /** Empty where only a name was asked for. */
  readonly commit: string;
  /** 0: everything. */
  readonly depth: number;
  readonly tags: boolean;
  readonly clean: boolean;
  readonly token: string;
  readonly persistCredentials: boolean;
}

/** @throws ActionRefusedError, NotRehearsedError; MissingVariablesError outside a job */
export function readSettings(inputs: Inputs, variables: Variables, event: unknown): Settings {
  refuseUnplayed(inputs, UNPLAYED);
  const needed = ['GITHUB_WORKSPACE', 'GITHUB_REPOSITORY', 'GITHUB_REF', 'GITHUB_SHA', 'GITHUB_EVENT_NAME'] as const;
  const job = requireVariables(needed, variables);
  const repository = textInput(inputs, 'repository') || job.GITHUB_REPOSITORY;
  const isOwn = repository.toLowerCase() === job.GITHUB_REPOSITORY.toLowerCase();
  const wanted = textInput(inputs, 'ref');
  const target = wanted === '' && isOwn ? ofEvent(job) : asked(wanted);
  if (!/^[^/]+\/[^/]+$/.test(repository)) {
    throw new ActionRefusedError(`The input repository is ${JSON.stringify(repository)}; its form is owner/name.`);
  }
  if (wanted !== '' || !isOwn) {
    const allowed = isTrue(inputs, 'allow-unsafe-pr-checkout', false);
    if (!allowed) refuseForkCode({ eventName: job.GITHUB_EVENT_NAME, event, repository, ...target });
  }
  if (!isOwn) throw new NotRehearsedError(`The stand-in knows ${job.GITHUB_REPOSITORY} only, not ${repository}.`);
  const token = textInput(inputs, 'token');
  if (token === '') throw new ActionRefusedError('The input token is needed and is empty.');
  return {
    repository,
    folder: folderOf(job.GITHUB_WORKSPACE, textInput(inputs, 'path')),
    ...target,
    depth: depthOf(textInput(inputs, 'fetch-depth')),
    tags: isTrue(inputs, 'fetch-tags', false),
    clean: isTrue(inputs, 'clean', true),
    token,
    persistCredentials: isTrue(inputs, 'persist-credentials', true),
  };
}

const UNPLAYED: Inputs = {
  'ssh-key': '',
  'ssh-known-hosts': '',
  'ssh-strict': 'true',
  'ssh-user': 'git',
  filter: '',
  'sparse-checkout': '',
  'sparse-checkout-cone-mode': 'true',
  lfs: 'false',
  submodules: 'false',
  'github-server-url': '',
};

interface Target {
  readonly ref: string;
  readonly commit: string;
}

/** On pull_request that is the merge commit: refs/pull/N/merge. Some events tell a bare branch name. */
function ofEvent({ GITHUB_REF: ref, GITHUB_SHA: commit }: { GITHUB_REF: string; GITHUB_SHA: string }): Target {
  return { ref: ref.startsWith('refs/') ? ref : `refs/heads/${ref}`, commit };
}

/** Forty hexadecimal digits are a commit, whatever else they might be the name of. */
function asked(ref: string): Target {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(ref) ? { ref: '', commit: ref } : { ref, commit: '' };
}

/** What is no number, or a negative one, is taken for 0. */
function depthOf(text: string): number {
  const depth = Math.floor(Number(text || '1'));
  return Number.isNaN(depth) || depth < 0 ? 0 : depth;
}

/** This action takes any other word for false. */
function isTrue(inputs: Inputs, name: string, whenEmpty: boolean): boolean {
  const text = textInput(inputs, name);
  return text === '' ? whenEmpty : text.toLowerCase() === 'true';
}

function folderOf(workspace: string, path: string): string {
  const root = resolve(workspace);
  const folder = resolve(root, path);
  if (folder === root || folder.startsWith(root + sep)) return folder;
  throw new ActionRefusedError(`The input path leads to ${folder}, outside the workspace ${root}.`);
}
