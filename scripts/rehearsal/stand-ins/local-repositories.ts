/**
 * Which stand-in plays which marketplace action of the workflows: what act takes for `--local-repository`. And what a
 * workflow gives an action that it does not know, which act drops without a word.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { EXIT, GitOpsError } from '../../core/errors.ts';

/** Thrown where an action has no stand-in, or one of another major version. Exit 1. */
export class MissingStandInError extends GitOpsError {
  constructor(message: string) {
    super(message, { code: 'MISSING_STAND_IN', source: 'internal', exitCode: EXIT.failed });
  }
}

export interface UsedAction {
  /** `owner/name` */
  readonly repository: string;
  readonly ref: string;
  /** Behind it on its line: `v7.0.1`; empty where there is none. */
  readonly version: string;
  /** What `with:` gives it. */
  readonly inputs: readonly string[];
}

/**
 * @param workflowTexts workflows and composite actions, as their files have them
 * @returns `owner/name@ref=folder`, each once, sorted
 * @throws MissingStandInError
 */
export function localRepositories(workflowTexts: readonly string[], standInsDir: string): string[] {
  const used = workflowTexts.flatMap(usedActions);
  return [
    ...new Set(used.map((action) => `${action.repository}@${action.ref}=${standInOf(action, standInsDir).folder}`)),
  ].sort();
}

/**
 * What the runner warns of as unexpected.
 * @returns one sentence each
 * @throws MissingStandInError
 */
export function unexpectedInputs(workflowTexts: readonly string[], standInsDir: string): string[] {
  return workflowTexts.flatMap(usedActions).flatMap((action) => {
    const { inputs } = standInOf(action, standInsDir);
    const unknown = action.inputs.filter((name) => !inputs.includes(name));
    if (unknown.length === 0) return [];
    return [`Unexpected input(s) for ${action.repository}: ${unknown.join(', ')}; it takes ${inputs.join(', ')}`];
  });
}

/** Every `uses: owner/name@ref`, wherever it stands; not those of this repository. */
export function usedActions(workflowText: string): readonly UsedAction[] {
  const found: UsedAction[] = [];
  visit(parseDocument(workflowText), {
    Map: (_, map) => {
      const uses = map.items.find(({ key }) => isScalar(key) && key.value === 'uses')?.value;
      if (!isScalar(uses) || typeof uses.value !== 'string') return;
      const [repository = '', ref = ''] = uses.value.split('@');
      if (repository.startsWith('.') || ref === '') return;
      const given = map.get('with');
      const inputs = isMap(given) ? given.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
      found.push({ repository, ref, version: (uses.comment ?? '').trim(), inputs });
    },
  });
  return found;
}

interface StandIn {
  readonly folder: string;
  readonly inputs: readonly string[];
}

const description = z.object({
  name: z.string(),
  description: z.string().regex(/plays v\d+$/),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

function standInOf({ repository, version }: UsedAction, standInsDir: string): StandIn {
  const folder = join(standInsDir, repository.split('/')[1] ?? '');
  const file = join(folder, 'action.yml');
  if (!existsSync(file)) {
    throw new MissingStandInError(`${repository} has no stand-in: the rehearsal needs ${file}.`);
  }
  const read = description.parse(parseDocument(readFileSync(file, 'utf8')).toJS());
  if (read.name !== repository) {
    throw new MissingStandInError(`${file} stands for ${read.name}, and a workflow uses ${repository}.`);
  }
  const plays = /v\d+$/.exec(read.description)?.[0];
  const major = /^v\d+/.exec(version)?.[0];
  if (major !== undefined && major !== plays) {
    throw new MissingStandInError(
      `A workflow uses ${repository} ${version}, and its stand-in plays ${plays}. ` +
        `Look at what is new in ${major}, change the stand-in, and then its description: ${file}`,
    );
  }
  return { folder, inputs: Object.keys(read.inputs) };
}
