/** A step that keeps what a stand-in did to it. */
import type { Variables } from '../../../adapters/variables.ts';
import type { Inputs, Step } from '../shared/step.ts';

export interface RecordedStep extends Step {
  readonly said: string[];
  readonly notices: string[];
  readonly warnings: string[];
  readonly masked: string[];
  readonly outputs: Record<string, string>;
  readonly exported: Record<string, string>;
}

export function recordedStep(inputs: Inputs = {}, variables: Variables = {}): RecordedStep {
  const said: string[] = [];
  const notices: string[] = [];
  const warnings: string[] = [];
  const masked: string[] = [];
  const outputs: Record<string, string> = {};
  const exported: Record<string, string> = {};
  return {
    inputs,
    variables,
    said,
    notices,
    warnings,
    masked,
    outputs,
    exported,
    say: (line) => void said.push(line),
    notice: (message) => void notices.push(message),
    warn: (message) => void warnings.push(message),
    mask: (secret) => void masked.push(secret),
    setOutput: (name, value) => {
      outputs[name] = value;
    },
    exportVariable: (name, value) => {
      exported[name] = value;
    },
  };
}
