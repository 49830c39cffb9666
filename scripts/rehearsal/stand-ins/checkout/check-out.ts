/**
 * Brings a commit from the bare repository that stands for GitHub's into the job's workspace.
 *
 * Other than with the action, `origin` is that bare repository: what a later step fetches never leaves this machine.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { requireVariables, type Variables } from '../../../adapters/variables.ts';
import { ActionRefusedError, type Step } from '../shared/step.ts';
import { checkoutArguments, refSpecs, refSpecsOfAll, trackingName } from './refs.ts';
import { readSettings, type Settings } from './settings.ts';

type Git = (...words: string[]) => Promise<string>;

/** @throws ActionRefusedError, NotRehearsedError; MissingVariablesError outside the rehearsal */
export async function checkOut(step: Step): Promise<void> {
  const { variables } = step;
  const { REHEARSAL_REMOTE: remote } = requireVariables(['REHEARSAL_REMOTE'], variables);
  refuseUnreadable(variables);
  const settings = readSettings(step.inputs, variables, await readEvent(variables));
  const url = pathToFileURL(remote).href;
  const git = gitIn(settings.folder, variables);
  await prepareFolder(settings, url, git);
  step.say(
    `Checking out ${settings.ref || settings.commit} of ${settings.repository}, depth ${settings.depth || 'all'}`,
  );
  await fetch(settings, git);
  const ref = await qualified(settings, git);
  await git('checkout', '--quiet', '--force', ...checkoutArguments(ref, settings.commit));
  if (settings.persistCredentials) await persist(settings, variables, git);
  const commit = await git('rev-parse', 'HEAD');
  step.say(`HEAD is now ${await git('log', '-1', '--format=%h %s')}`);
  step.setOutput('ref', settings.ref);
  step.setOutput('commit', commit);
}

/** To a token without `contents: read` a private repository is not there. */
function refuseUnreadable(variables: Variables): void {
  const told = variables['REHEARSAL_PERMISSIONS'];
  if (!told) return;
  const level = (JSON.parse(told) as Record<string, string>)['contents'];
  if (level === 'read' || level === 'write') return;
  throw new ActionRefusedError(
    `${variables['GITHUB_REPOSITORY']} is not found by the job's token. Give the job contents: read.`,
  );
}

async function readEvent(variables: Variables): Promise<unknown> {
  const path = variables['GITHUB_EVENT_PATH'];
  return path ? JSON.parse(await readFile(path, 'utf8')) : undefined;
}

/** The machine's own git configuration stays out of it, and nothing is asked on a terminal. */
function gitIn(folder: string, variables: Variables): Git {
  const env = { ...variables, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  return async (...words) => {
    try {
      const { stdout } = await promisify(execFile)('git', ['-C', folder, ...words], { env, maxBuffer: 1 << 26 });
      return stdout.trim();
    } catch (error) {
      const { stderr = '' } = error as { stderr?: string };
      throw new ActionRefusedError(`git ${words[0]} failed: ${stderr.trim() || (error as Error).message}`, error);
    }
  };
}

/** A folder with anything else in it is emptied: what a step put there before is lost. */
async function prepareFolder({ folder, clean }: Settings, url: string, git: Git): Promise<void> {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(folder);
  const isSame = entries.includes('.git') && (await git('config', 'remote.origin.url').catch(() => '')) === url;
  if (isSame) {
    if (!clean) return;
    await git('clean', '-ffdx');
    await git('reset', '--hard', '--quiet', 'HEAD');
    return;
  }
  await Promise.all(entries.map((entry) => rm(join(folder, entry), { recursive: true, force: true })));
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'gc.auto', '0');
  await git('remote', 'add', 'origin', url);
}

async function fetch(settings: Settings, git: Git): Promise<void> {
  const { depth, ref, commit } = settings;
  const fetchInto = async (specs: readonly string[], how: readonly string[]): Promise<void> => {
    const options = ['--quiet', '--no-tags', '--prune', '--no-recurse-submodules', ...how];
    await git('fetch', ...options, 'origin', ...specs).catch((error: Error) => {
      // A pattern that matches nothing fails without a word.
      if (isBareName(ref)) throw new ActionRefusedError(nowhere(ref), error);
      throw new ActionRefusedError(`${ref || commit} can't be fetched: ${error.message}`, error);
    });
  };
  if (depth > 0) await fetchInto(refSpecs(settings), [`--depth=${depth}`]);
  else await fetchInto(refSpecsOfAll(settings), []);
  if (commit === '') return;

  const place = trackingName(ref) ?? (ref.startsWith('refs/tags/') ? ref : undefined);
  if (place === undefined) {
    if (depth === 0) await fetchInto(refSpecs(settings), []);
    return;
  }
  if ((await commitAt(place, git)) === commit) return;
  // With all branches the newest commit came; the run is about an older one.
  await fetchInto(refSpecs(settings), []);
  const actual = await commitAt(place, git);
  // A tag is fetched by its name, wherever it is by now.
  if (actual !== commit) throw new ActionRefusedError(`${ref} is at ${actual} by now; the run is about ${commit}.`);
}

const commitAt = (place: string, git: Git): Promise<string> => git('rev-parse', `${place}^{commit}`);
const isBareName = (ref: string): boolean => ref !== '' && !ref.startsWith('refs/');
const nowhere = (ref: string): string => `There is no branch and no tag ${JSON.stringify(ref)}.`;

/** A bare name becomes the branch or, where there is none, the tag. */
async function qualified({ ref }: Settings, git: Git): Promise<string> {
  if (!isBareName(ref)) return ref;
  const [branch, tag] = [`refs/remotes/origin/${ref}`, `refs/tags/${ref}`];
  if (await exists(branch, git)) return `refs/heads/${ref}`;
  if (await exists(tag, git)) return tag;
  throw new ActionRefusedError(nowhere(ref));
}

async function exists(name: string, git: Git): Promise<boolean> {
  return (await git('for-each-ref', '--format=%(refname)', name)).split('\n').includes(name);
}

/** As v7: the header is in a file of its own below the runner's temporary folder, which .git/config includes. */
async function persist({ folder, token }: Settings, variables: Variables, git: Git): Promise<void> {
  const { RUNNER_TEMP: temporary } = requireVariables(['RUNNER_TEMP'], variables);
  const server = variables['GITHUB_SERVER_URL'] || 'https://github.com';
  const file = join(temporary, `git-credentials-${randomUUID()}.config`);
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  await mkdir(temporary, { recursive: true });
  await writeFile(file, `[http "${server}/"]\n\textraheader = AUTHORIZATION: basic ${basic}\n`, { mode: 0o600 });
  await git('config', `includeIf.gitdir:${join(folder, '.git')}.path`, file);
}
