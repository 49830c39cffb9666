/**
 * Keeps what a path means as an artifact of the run.
 *
 * Source: README.md, action.yml and src/ of actions/upload-artifact v7.
 */
import { requireVariables, type Variables } from '../../../adapters/variables.ts';
import { keepArtifact, removeArtifact } from '../shared/artifacts.ts';
import {
  ActionRefusedError,
  booleanInput,
  type Inputs,
  refuseUnplayed,
  requiredInput,
  type Step,
  textInput,
} from '../shared/step.ts';
import { findFiles } from './find-files.ts';
import { checkName, checkPath } from './names.ts';

/** The working directory is the workspace. @throws ActionRefusedError, NotRehearsedError */
export async function upload(step: Step): Promise<void> {
  const { inputs, variables } = step;
  refuseUnplayed(inputs, { archive: 'true' });
  const { REHEARSAL_ARTIFACTS: store } = requireVariables(['REHEARSAL_ARTIFACTS'], variables);
  const name = textInput(inputs, 'name');
  const path = requiredInput(inputs, 'path');
  const overwrite = booleanInput(inputs, 'overwrite');
  const whenNone = readWhenNone(inputs);
  const retentionDays = readRetention(step);
  checkCompression(inputs);

  const { files, root } = await findFiles(path, booleanInput(inputs, 'include-hidden-files'));
  if (files.size === 0) {
    tellNone(step, whenNone, path);
    return;
  }
  checkName(name);
  tellClashes(step, [...files.keys()]);
  for (const file of files.keys()) checkPath(file);
  if (overwrite) await removeArtifact(store, name);
  const artifact = await keepArtifact(store, { name, files, retentionDays });
  step.say(`${name}: ${artifact.files} files, ${artifact.bytes} bytes, from ${root}`);
  step.setOutput('artifact-id', String(artifact.id));
  step.setOutput('artifact-digest', artifact.digest.replace('sha256:', ''));
  step.setOutput('artifact-url', urlOf(artifact.id, variables));
}

type WhenNone = 'warn' | 'error' | 'ignore';

function readWhenNone(inputs: Inputs): WhenNone {
  const text = textInput(inputs, 'if-no-files-found');
  if (text === 'warn' || text === 'error' || text === 'ignore') return text;
  throw new ActionRefusedError(`The input if-no-files-found is ${JSON.stringify(text)}; allowed: warn, error, ignore.`);
}

function tellNone(step: Step, whenNone: WhenNone, path: string): void {
  const message = `There is no file at ${path}: no artifact is made.`;
  if (whenNone === 'error') throw new ActionRefusedError(message);
  if (whenNone === 'warn') step.warn(message);
  else step.say(message);
}

/** Without another setting of the repository: GitHub's own. */
const MOST_DAYS = 90;

/** @returns undefined where the repository's default counts */
function readRetention(step: Step): number | undefined {
  const text = textInput(step.inputs, 'retention-days');
  if (text === '') return undefined;
  const days = Number.parseInt(text, 10);
  if (Number.isNaN(days) || days < 0) {
    throw new ActionRefusedError(`The input retention-days is ${JSON.stringify(text)}; allowed: 0 to ${MOST_DAYS}.`);
  }
  const most = Number.parseInt(step.variables['GITHUB_RETENTION_DAYS'] ?? '', 10) || MOST_DAYS;
  if (days > most) step.warn(`Artifacts are kept ${most} days at most here, and not ${days}.`);
  return days === 0 ? undefined : Math.min(days, most);
}

function checkCompression(inputs: Inputs): void {
  const text = textInput(inputs, 'compression-level');
  const level = Number.parseInt(text || '6', 10);
  if (level >= 0 && level <= 9) return;
  throw new ActionRefusedError(`The input compression-level is ${JSON.stringify(text)}; allowed: 0 to 9.`);
}

/** Two files whose names differ in case only become one where case does not count. */
function tellClashes(step: Step, paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const folded = path.toLowerCase();
    if (seen.has(folded)) step.say(`${path} differs from another file in upper and lower case only.`);
    seen.add(folded);
  }
}

function urlOf(id: number, variables: Variables): string {
  const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY, GITHUB_RUN_ID } = variables;
  return `${server}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/artifacts/${id}`;
}
