/**
 * The rules of the house for workflows, as one list: what general linters do not know or do not insist on. Pure.
 */
import { gateRules } from './rules-gates.ts';
import { permissionRules } from './rules-permissions.ts';
import { scriptRules, type VerbOptions } from './rules-scripts.ts';
import { supplyRules } from './rules-supply.ts';
import { type Finding, type Parsed, parseWorkflow, type WorkflowFiles } from './workflow-files.ts';

export interface House {
  /** Names of the npm scripts. */
  readonly scripts: readonly string[];
  readonly verbs: VerbOptions;
  /** Repository variables and secrets that set-up makes. */
  readonly variables: readonly string[];
  readonly secrets: readonly string[];
}

export type Rule = (workflow: Parsed, all: ReadonlyMap<string, Parsed>, house: House) => readonly string[];

/** By name; each is seen to notice in mutations.test.ts. */
export const RULES: Readonly<Record<string, Rule>> = {
  ...permissionRules,
  ...supplyRules,
  ...scriptRules,
  ...gateRules,
};

/** All findings of the house's rules; none when the workflows are as they should be. */
export function judgeWorkflows(files: WorkflowFiles, house: House): readonly Finding[] {
  const parsed = new Map([...files].map(([file, text]) => [file, parseWorkflow(file, text)]));
  return [...parsed.values()].flatMap((workflow) =>
    Object.entries(RULES).flatMap(([rule, judge]) =>
      judge(workflow, parsed, house).map((message) => ({ file: workflow.file, rule, message })),
    ),
  );
}
