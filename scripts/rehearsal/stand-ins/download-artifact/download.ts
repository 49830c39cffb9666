/** Puts artifacts of this run into the workspace, and looks whether they are what was kept. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { requireVariables } from '../../../adapters/variables.ts';
import { fetchArtifact, listArtifacts } from '../shared/artifacts.ts';
import { ActionRefusedError, booleanInput, type Inputs, refuseUnplayed, type Step, textInput } from '../shared/step.ts';
import { selectArtifacts } from './select.ts';

/** @throws ActionRefusedError, NotRehearsedError; MissingVariablesError outside the rehearsal */
export async function download(step: Step): Promise<void> {
  const { inputs, variables } = step;
  refuseUnplayed(inputs, { 'github-token': '', 'skip-decompress': 'false' });
  const needed = ['REHEARSAL_ARTIFACTS', 'GITHUB_WORKSPACE'] as const;
  const { REHEARSAL_ARTIFACTS: store, GITHUB_WORKSPACE: workspace } = requireVariables(needed, variables);
  const whenBroken = readWhenBroken(inputs);
  const path = textInput(inputs, 'path').replace(/^~/, homedir());
  const folder = resolve(workspace, path);
  const wanted = {
    name: textInput(inputs, 'name'),
    ids: textInput(inputs, 'artifact-ids'),
    pattern: textInput(inputs, 'pattern'),
    merge: booleanInput(inputs, 'merge-multiple'),
    folder,
  };
  const { downloads, missing } = selectArtifacts(wanted, await listArtifacts(store));
  if (missing.length > 0) step.warn(`This run has no artifact of the number ${missing.join(', ')}.`);
  const broken: string[] = [];
  for (const { artifact, folder: target } of downloads) {
    const { intact } = await fetchArtifact(store, artifact, target);
    step.say(`${artifact.name}: ${artifact.files} files into ${target}`);
    if (!intact) broken.push(artifact.name);
  }
  if (broken.length > 0) tellBroken(step, whenBroken, broken);
  step.say(`${downloads.length} artifact(s) downloaded`);
  step.setOutput('download-path', folder);
}

const WHEN_BROKEN = ['ignore', 'info', 'warn', 'error'] as const;
type WhenBroken = (typeof WHEN_BROKEN)[number];

function readWhenBroken(inputs: Inputs): WhenBroken {
  const text = textInput(inputs, 'digest-mismatch') || 'error';
  const found = WHEN_BROKEN.find((word) => word === text);
  if (found !== undefined) return found;
  throw new ActionRefusedError(
    `The input digest-mismatch is ${JSON.stringify(text)}; allowed: ${WHEN_BROKEN.join(', ')}.`,
  );
}

function tellBroken(step: Step, whenBroken: WhenBroken, names: readonly string[]): void {
  const message = `Not what was uploaded, by its digest: ${names.join(', ')}.`;
  if (whenBroken === 'error') throw new ActionRefusedError(message);
  if (whenBroken === 'warn') step.warn(message);
  if (whenBroken === 'info') step.say(message);
}
