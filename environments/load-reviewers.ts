/**
 * The only file that reads reviewers/github.json. Nothing wrong is returned; everything wrong is reported in one go.
 */
import path from 'node:path';
import { displayName, readJsonFile } from './json-file.ts';
import { reviewersJsonSchema } from './json-schema.ts';
import { ConfigurationError, type Finding, type Path, show, toProblem } from './problem.ts';
import { type ReviewersConfig, reviewersSchema } from './reviewers.ts';
import { describeIssues } from './shape.ts';

export interface LoadReviewersOptions {
  /** By default `reviewers/github.json` beside this file. */
  readonly file?: string;
  /** Names of all environments: an exception for another one is a mistake. */
  readonly environments: readonly string[];
}

/** Where the reviewers are written. */
export const REVIEWERS_FILE = path.join(import.meta.dirname, 'reviewers', 'github.json');

/** @throws ConfigurationError with all problems of the file */
export function loadReviewers({ file = REVIEWERS_FILE, environments }: LoadReviewersOptions): ReviewersConfig {
  const text = readJsonFile(file);
  const parsed = reviewersSchema.safeParse(text.json?.value);
  const findings: readonly Finding[] =
    text.json === undefined
      ? text.findings
      : [
          ...text.findings,
          ...(parsed.success
            ? checkReviewers(parsed.data, environments)
            : describeIssues(parsed.error.issues, text.json.value, reviewersJsonSchema())),
        ];
  if (findings.length > 0 || !parsed.success) {
    const name = displayName(file);
    throw new ConfigurationError(
      findings.map((finding) => toProblem(name, finding, finding.at ?? text.locate(finding.path))),
    );
  }
  const { $schema: _, ...config } = parsed.data;
  return config;
}

/** Rules across the fields: known environments, each with one exception, nobody named twice in a list. */
function checkReviewers({ exceptions, ...config }: ReviewersConfig, environments: readonly string[]): Finding[] {
  const named = exceptions.map(({ environment }) => environment);
  return [
    ...repeated(['approvers'], config.approvers),
    ...repeated(['onCall'], config.onCall),
    ...exceptions.flatMap(({ environment, approvers = [], onCall = [] }, index): Finding[] => {
      const at = (key: string): Path => ['exceptions', index, key];
      return [
        ...(environments.includes(environment)
          ? []
          : [{ path: at('environment'), found: show(environment), allowed: `one of ${environments.join(', ')}` }]),
        ...(named.indexOf(environment) < index
          ? [{ path: at('environment'), found: `${show(environment)} again`, allowed: 'one exception per environment' }]
          : []),
        ...repeated(at('approvers'), approvers),
        ...repeated(at('onCall'), onCall),
      ];
    }),
  ];
}

/** GitHub knows logins and teams in any case. */
function repeated(at: Path, reviewers: readonly string[]): Finding[] {
  const lower = reviewers.map((each) => each.toLowerCase());
  return reviewers.flatMap((each, index) =>
    lower.indexOf(each.toLowerCase()) < index
      ? [{ path: [...at, index], found: `${show(each)} again`, allowed: 'each reviewer once' }]
      : [],
  );
}
