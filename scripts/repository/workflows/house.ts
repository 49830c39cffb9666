/**
 * What the workflows are held to: the scripts of package.json, the options each verb's help names, and the settings of the
 * repository.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { loadEnvironments } from '../../../environments/load.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { repositoryVariables, SECRETS } from '../../core/workflow/repository-settings.ts';
import type { House } from './rules.ts';
import { parseRun } from './rules-scripts.ts';
import { jobsOf, parseWorkflow, ROOT, type WorkflowFiles } from './workflow-files.ts';

const scripts: Readonly<Record<string, string>> = manifest.scripts;

export async function readHouse(files: WorkflowFiles): Promise<House> {
  const runs = [...files].flatMap(([file, text]) =>
    jobsOf(parseWorkflow(file, text)).flatMap(([, { steps = [] }]) =>
      steps.flatMap(({ run = '' }) => parseRun(run) ?? []),
    ),
  );
  const verbs = [...new Set(runs.map(({ verb }) => verb))].filter((verb) => scripts[verb]?.startsWith('tsx '));
  return {
    scripts: Object.keys(scripts),
    verbs: new Map(await Promise.all(verbs.map(async (verb) => [verb, await optionsOf(verb)] as const))),
    variables: repositoryVariables(loadEnvironments({ variables: {} })),
    secrets: SECRETS,
  };
}

/** As `--help` lists them, at the beginning of a line. */
async function optionsOf(verb: string): Promise<readonly string[]> {
  const [, ...command] = (scripts[verb] ?? '').split(' ');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', ...command, '--help'], {
    cwd: ROOT,
  });
  return [...stdout.matchAll(/^\s+(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option as string);
}
