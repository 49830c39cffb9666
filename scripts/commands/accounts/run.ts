/**
 * `accounts`: hands the account overrides among the repository's variables to the later steps of a job.
 *
 * Why: a workflow can't name the variables of environments it does not know, and a new environment is to be a JSON file and
 * nothing else. So jobs pass all variables as one text, and this picks `CDK_{NAME}_ACCOUNT` of every environment.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { accountVariable } from '../../../environments/naming.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { EXIT, UsageError } from '../../core/errors.ts';

export interface AccountsInput {
  /** `toJSON(vars)`; absent or empty where a repository has none or does not lend them, as to a fork. */
  readonly variables: string | undefined;
}

export interface Dependencies {
  /** All environments, with these overrides. */
  readonly loadEnvironments: (variables: Readonly<Record<string, string>>) => readonly EnvironmentConfig[];
  /** Sets variables for the later steps. */
  readonly exportVariables: (variables: Readonly<Record<string, string>>) => Promise<void>;
}

/** @throws UsageError when the variables are no JSON object of texts; ConfigurationError for a malformed account */
export async function run({ variables }: AccountsInput, deps: Dependencies): Promise<CommandResult> {
  const given = parse(variables);
  const environments = deps.loadEnvironments(given);
  const overridden = environments.filter(({ name }) => given[accountVariable(name)]);
  await deps.exportVariables(
    Object.fromEntries(overridden.map(({ name, account }) => [accountVariable(name), account])),
  );
  const lines = environments.map(
    ({ name, account }) =>
      `${name}: ${account}, ${given[accountVariable(name)] ? `by the variable ${accountVariable(name)}` : 'as its file says'}`,
  );
  return {
    exitCode: EXIT.done,
    document: { accounts: Object.fromEntries(environments.map(({ name, account }) => [name, account])) },
    text: lines.join('\n'),
    // Every job of every run begins with it: said in the log, where it is looked for.
    summary: '',
  };
}

function parse(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined || text.trim() === '') return {};
  const wrong = (why: string) =>
    new UsageError(`REPOSITORY_VARIABLES must be the repository's variables as JSON, toJSON(vars): ${why}.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong('it is no object');
  const entries = Object.entries(value).map(([name, each]): [string, string] => {
    if (typeof each !== 'string') throw wrong(`${name} is no text`);
    return [name, each];
  });
  return Object.fromEntries(entries);
}
