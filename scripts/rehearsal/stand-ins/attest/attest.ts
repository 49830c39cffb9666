/** Refuses what the action refuses before it signs, and says what would be signed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireVariables, type Variables } from '../../../adapters/variables.ts';
import { ActionRefusedError, refuseUnplayed, type Step, textInput } from '../shared/step.ts';
import { readSubjects } from './subjects.ts';

/** @throws ActionRefusedError, NotRehearsedError; MissingVariablesError outside a job */
export async function attest(step: Step): Promise<void> {
  const { inputs, variables } = step;
  if (!variables['ACTIONS_ID_TOKEN_REQUEST_URL']) {
    throw new ActionRefusedError('The job may ask for no OIDC token. Give it id-token: write.');
  }
  refuseUnplayed(inputs, {
    'subject-checksums': '',
    'subject-version': '',
    'sbom-path': '',
    'predicate-type': '',
    predicate: '',
    'predicate-path': '',
    'push-to-registry': 'false',
  });
  const subjects = await readSubjects(inputs);
  if (textInput(inputs, 'github-token') === '') {
    throw new ActionRefusedError('The input github-token is needed and is empty.');
  }
  requireAttestations(step, variables);
  const { RUNNER_TEMP: temporary } = requireVariables(['RUNNER_TEMP'], variables);
  const file = join(temporary, 'not-attested.json');
  await mkdir(temporary, { recursive: true });
  await writeFile(file, `${JSON.stringify({ signed: false, subjects }, null, 2)}\n`);
  for (const { name, digest } of subjects) step.say(`Would attest ${name}, ${digest}`);
  step.notice('Nothing is signed and nothing is published in a rehearsal.');
  step.setOutput('bundle-path', file);
}

/** Published through the API, by the job's token. */
function requireAttestations({ say }: Step, variables: Variables): void {
  const told = variables['REHEARSAL_PERMISSIONS'];
  if (!told) {
    say('Whether the job may write attestations is not known here.');
    return;
  }
  if ((JSON.parse(told) as Record<string, string>)['attestations'] === 'write') return;
  throw new ActionRefusedError('(403) The token of the job may not write attestations. Give it attestations: write.');
}
