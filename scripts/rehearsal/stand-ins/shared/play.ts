/**
 * Runs a stand-in as the step of a job: its inputs from INPUTS, everything said through the runner's own commands.
 */
import { exportVariable, info, notice, setFailed, setOutput, setSecret, warning } from '@actions/core';
import { readVariables, requireVariables, type Variables } from '../../../adapters/variables.ts';
import { GitOpsError } from '../../../core/errors.ts';
import type { Inputs, Step } from './step.ts';

/** Whatever the stand-in throws becomes the step's error, and the step fails. */
export async function playStandIn(play: (step: Step) => Promise<void>): Promise<void> {
  try {
    await play(stepOf(readVariables()));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    setFailed(message);
    if (!(error instanceof GitOpsError) && error instanceof Error) info(error.stack ?? '');
  }
}

function stepOf(variables: Variables): Step {
  const { INPUTS } = requireVariables(['INPUTS'], variables);
  return {
    // From action.yml, toJSON(inputs): the runner makes every value a string.
    inputs: JSON.parse(INPUTS) as Inputs,
    variables,
    say: info,
    notice,
    warn: warning,
    mask: setSecret,
    setOutput,
    exportVariable,
  };
}
