/**
 * What a stand-in sees of the step it plays, and what it may do: read its inputs, speak in the log, set outputs and
 * variables. An interface, so that each stand-in is tested without a runner.
 */
import type { Variables } from '../../../adapters/variables.ts';
import { EXIT, GitOpsError } from '../../../core/errors.ts';

export interface Step {
  /** As the workflow gives them, or their defaults; an absent one is empty. */
  readonly inputs: Inputs;
  readonly variables: Variables;
  /** A line of the log. */
  say(line: string): void;
  /** An annotation of the run. */
  notice(message: string): void;
  warn(message: string): void;
  /** From now on the log shows stars for it. */
  mask(secret: string): void;
  setOutput(name: string, value: string): void;
  /** For this job's later steps. */
  exportVariable(name: string, value: string): void;
}

export type Inputs = Readonly<Record<string, string>>;

/** Thrown where the action itself would fail, for a reason of its own. Exit 1. */
export class ActionRefusedError extends GitOpsError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'ACTION_REFUSED', source: 'user', exitCode: EXIT.failed, cause });
  }
}

/** Thrown where the action could go on, and its stand-in can't: the rehearsal says nothing about it. Exit 1. */
export class NotRehearsedError extends GitOpsError {
  constructor(message: string) {
    super(`${message} This is the rehearsal's limit: the action itself may take it.`, {
      code: 'NOT_REHEARSED',
      source: 'user',
      exitCode: EXIT.failed,
    });
  }
}

/** Without blanks around it; empty where it is absent. */
export const textInput = (inputs: Inputs, name: string): string => (inputs[name] ?? '').trim();

/** @throws ActionRefusedError where it is empty */
export function requiredInput(inputs: Inputs, name: string): string {
  const text = textInput(inputs, name);
  if (text === '') throw new ActionRefusedError(`The input ${name} is needed and was not given.`);
  return text;
}

/**
 * Of the six words that YAML 1.2 takes for a boolean; anything else fails the action.
 * Source: https://github.com/actions/toolkit/tree/main/packages/core
 * @throws ActionRefusedError
 */
export function booleanInput(inputs: Inputs, name: string, whenEmpty?: boolean): boolean {
  const text = textInput(inputs, name);
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (text === '' && whenEmpty !== undefined) return whenEmpty;
  throw new ActionRefusedError(`The input ${name} is ${JSON.stringify(text)}; allowed: true, false.`);
}

/**
 * @param unplayed inputs that the stand-in does not play, with the value at which they ask for nothing
 * @throws NotRehearsedError naming each that asks for something
 */
export function refuseUnplayed(inputs: Inputs, unplayed: Inputs): void {
  const asked = Object.entries(unplayed).filter(([name, idle]) => !['', idle].includes(textInput(inputs, name)));
  if (asked.length === 0) return;
  throw new NotRehearsedError(`The stand-in does not play ${asked.map(([name]) => name).join(', ')}.`);
}
