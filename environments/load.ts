/**
 * The only file that reads environments/*.json: every environment, checked in itself and beside the others, with the
 * account overrides applied. Nothing wrong is returned; everything wrong is reported in one go.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type EnvironmentConfig, environmentSchema } from './environment-config.ts';
import { type Candidate, checkAmong, checkEnvironment } from './invariants.ts';
import { displayName, readJsonFile, reasonOf } from './json-file.ts';
import type { JsonText } from './json-text.ts';
import { accountVariable } from './naming.ts';
import { ConfigurationError, type Finding, type Problem, show, toProblem } from './problem.ts';
import { checkShape, dropUnknownKeys, type Shape } from './shape.ts';
import { waves } from './waves.ts';

export { ConfigurationError, type Problem } from './problem.ts';

export interface LoadOptions {
  /** The folder whose *.json files are the environments; by default the one this file is in. */
  readonly folder?: string;
  /** Where the account overrides are looked up; by default those of the process. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

interface Loaded extends Candidate, Shape {
  readonly text: JsonText;
}

/**
 * Every environment, in the order of promotion: by wave, then by name.
 *
 * `CDK_{NAME}_ACCOUNT` overrides the account. Empty counts as unset, as GitHub Actions passes absent variables so.
 * @throws ConfigurationError with all problems of all files, never anything else for what a user can write
 */
export function loadEnvironments({
  folder = import.meta.dirname,
  variables = process.env,
}: LoadOptions = {}): EnvironmentConfig[] {
  const files = listFiles(folder).map((file) => loadFile(path.join(folder, file)));
  const problems = files.flatMap((loaded) => [
    ...problemsOf(loaded, files),
    ...checkOverride(loaded, variables).map((finding) => toProblem(loaded.file, finding)),
  ]);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const environments = files.flatMap(({ config }) => (config === undefined ? [] : [withOverride(config, variables)]));
  return waves(environments).flat();
}

/**
 * An environment that was loaded before and written into a release. Its shape is checked; keys that a later version of
 * this code no longer knows are left out, and the rules across fields are not applied again: a rule made stricter since
 * must not stop a rollback at night.
 * @param json the parsed JSON
 * @param file what messages call its source
 * @throws ConfigurationError when it is no environment
 */
export function parseEnvironment(json: unknown, file: string): EnvironmentConfig {
  const { config, findings } = checkShape(dropUnknownKeys(json));
  if (config === undefined) throw new ConfigurationError(findings.map((finding) => toProblem(file, finding)));
  return config;
}

/** The names of the files that are environments, sorted. Hidden files, as some systems put beside others, are not. */
function listFiles(folder: string): string[] {
  const wrong = (found: string, allowed: string) =>
    new ConfigurationError([{ file: displayName(folder), path: '', found, allowed }]);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw wrong(`no folder that can be read (${reasonOf(error)})`, 'the folder of the environments, *.json');
  }
  const files = names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
  if (files.length === 0) throw wrong('no environment', 'one *.json file per environment, at least one');
  return files;
}

function loadFile(file: string): Loaded {
  const text = readJsonFile(file);
  // What can't be read is a draft without any part: it is there for the others to name, and says nothing more.
  const shape: Shape = text.json === undefined ? { draft: {}, findings: [] } : checkShape(text.json.value);
  return { file: displayName(file), fileName: path.basename(file, '.json'), text, ...shape };
}

function problemsOf(loaded: Loaded, all: readonly Loaded[]): Problem[] {
  const { file, text, findings, draft } = loaded;
  return [...text.findings, ...findings, ...checkEnvironment(draft), ...checkAmong(loaded, all)].map((finding) =>
    toProblem(file, finding, finding.at ?? text.locate(finding.path)),
  );
}

const account = environmentSchema.shape.account;

function checkOverride({ fileName }: Loaded, variables: NonNullable<LoadOptions['variables']>): Finding[] {
  const variable = accountVariable(fileName);
  const value = variables[variable];
  if (value === undefined || value === '' || account.safeParse(value).success) return [];
  const allowed = `12 digits in ${variable}, or the variable unset for the account of the file`;
  return [{ path: ['account'], found: `${show(value)} in the variable ${variable}`, allowed }];
}

function withOverride(config: EnvironmentConfig, variables: NonNullable<LoadOptions['variables']>): EnvironmentConfig {
  return { ...config, account: variables[accountVariable(config.name)] || config.account };
}
