/**
 * What steps run: one npm script each, which exists, with options it knows; and no expression in a shell. Pure.
 */
import type { Rule } from './rules.ts';
import { jobsOf } from './workflow-files.ts';

/** Verb → the options its `--help` names, `--env` among them. */
export type VerbOptions = ReadonlyMap<string, readonly string[]>;

/** Besides npm scripts: how a job fails by what others did. */
const PLAIN = ['npm ci', 'npm test', 'exit 1'];
/** Verb, then options. A value is a word, or variables in double quotes: no pipe, no list, no substitution. */
const SCRIPT = /^npm run (?:--silent )?([\w:-]+)(?: -- ([^`|&;<>()\n]+))?$/;

export interface ScriptCall {
  readonly where: string;
  readonly verb: string;
  readonly options: readonly string[];
  readonly variables: readonly string[];
}

/** What a `run:` calls; undefined when it is no single npm script. */
export function parseRun(run: string): Omit<ScriptCall, 'where'> | undefined {
  const [, verb, rest = ''] = SCRIPT.exec(run.trim().replaceAll(/\s*\n\s*/g, ' ')) ?? [];
  if (verb === undefined || run.includes('$(')) return undefined;
  return {
    verb,
    options: [...rest.matchAll(/(?:^|\s)(--[\w-]+)/g)].map(([, option]) => option as string),
    variables: [...rest.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name as string),
  };
}

/** Unquoted, a value with a space is two arguments. */
const isQuoted = (run: string): boolean => !run.replaceAll(/"[^"]*"/g, '').includes('$');

const runsOf = (workflow: Parameters<Rule>[0]) =>
  jobsOf(workflow).flatMap(([id, { steps = [] }]) =>
    steps.flatMap((step) => (step.run === undefined ? [] : [{ where: `${id}: ${step.name}`, run: step.run, step }])),
  );

export const scriptRules: Readonly<Record<string, Rule>> = {
  'one-script-per-step': (workflow) =>
    runsOf(workflow)
      .filter(({ run }) => !PLAIN.includes(run.trim()) && parseRun(run) === undefined)
      .map(({ where }) => `${where} does more than call one npm script`),

  // npm prints the command with its arguments first, as they are: a line of theirs that begins with :: commands the runner.
  // Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
  'arguments-not-echoed': (workflow) =>
    runsOf(workflow)
      .filter(({ run }) => /\bnpm run(?! --silent )/.test(run))
      .map(({ where }) => `${where} has npm print its arguments into the log: npm run --silent`),

  'no-expression-in-shell': (workflow) =>
    runsOf(workflow)
      .filter(({ run }) => run.includes('${{'))
      .map(({ where }) => `${where} puts an expression into a shell: pass it by env`),

  'scripts-exist': (workflow, _, { scripts }) =>
    runsOf(workflow).flatMap(({ where, run }) => {
      const verb = parseRun(run)?.verb;
      return verb === undefined || scripts.includes(verb)
        ? []
        : [`${where} runs ${verb}, which package.json does not have`];
    }),

  'options-known': (workflow, _, { verbs }) =>
    runsOf(workflow).flatMap(({ where, run }) => {
      const call = parseRun(run);
      const known = call && verbs.get(call.verb);
      if (call === undefined || known === undefined) return [];
      return call.options
        .filter((option) => !known.includes(option))
        .map((option) => `${where}: ${call.verb} does not know ${option}`);
    }),

  // What a person types may be "all": a rollback or a destruction of everything.
  'one-environment-dispatched': (workflow) =>
    workflow.data.on?.['workflow_dispatch']?.inputs?.['environment'] === undefined
      ? []
      : runsOf(workflow).flatMap(({ where, run }) => {
          const call = parseRun(run);
          if (call?.verb !== 'matrix' || call.options.includes('--one')) return [];
          return [`${where} takes what was typed without --one, so that "all" is every environment`];
        }),

  'variables-given-and-quoted': (workflow) =>
    runsOf(workflow).flatMap(({ where, run, step }) => {
      const variables = parseRun(run)?.variables ?? [];
      return [
        ...(isQuoted(run) ? [] : [`${where} has a variable that is not in double quotes`]),
        ...variables.filter((name) => !(name in (step.env ?? {}))).map((name) => `${where} has no ${name} in its env`),
      ];
    }),

  'steps-named': (workflow) =>
    jobsOf(workflow).flatMap(([id, { steps = [] }]) =>
      steps.flatMap(({ name }, index) => (name ? [] : [`step ${index + 1} of ${id} has no name`])),
    ),
};
