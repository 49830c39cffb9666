/**
 * A workflow changed for the worse, as data: what is written instead of what, and which check must say so.
 */
import assert from 'node:assert/strict';
import type { WorkflowFiles } from '../workflow-files.ts';

export interface Change {
  readonly what: string;
  readonly file: string;
  /** The first place where it is found. */
  readonly from: string | RegExp;
  readonly to: string;
}

export interface Mutation extends Change {
  /** The rule of the house that says so. */
  readonly rule: string;
}

const workflow = (name: string): string => `.github/workflows/${name}.yml`;
export const PULL_REQUEST = workflow('pull-request');
export const PROMOTE = workflow('promote');
export const DEPLOY = workflow('deploy');
export const ROLLBACK = workflow('rollback');
export const DRIFT = workflow('drift');
export const DESTROY = workflow('destroy');
export const SETUP = '.github/actions/setup/action.yml';

const expression = (text: string): string => `\${{ ${text} }}`;
export const TITLE = expression('github.event.pull_request.title');
export const ENVIRONMENT = expression('matrix.leg.environment');

/** @throws AssertionError when there is nothing to change: a mutation that changes nothing proves nothing. */
export function mutated(files: WorkflowFiles, { file, from, to }: Change): WorkflowFiles {
  const text = files.get(file) ?? assert.fail(`${file} is not there`);
  const changed = text.replace(from, to);
  assert.notEqual(changed, text, `${String(from)} is not in ${file}`);
  return new Map([...files, [file, changed]]);
}
