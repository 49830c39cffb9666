/**
 * The only file that reads waivers/drift.json. Nothing wrong is returned; everything wrong is reported in one go.
 */
import path from 'node:path';
import { displayName, readJsonFile } from './json-file.ts';
import { driftWaiversJsonSchema } from './json-schema.ts';
import { ConfigurationError, type Finding, show, toProblem } from './problem.ts';
import { describeIssues } from './shape.ts';
import { type DriftWaiver, driftWaiversSchema, LONGEST_WAIVER_DAYS } from './waivers.ts';

export interface LoadWaiversOptions {
  /** By default `waivers/drift.json` beside this file. */
  readonly file?: string;
  /** Names of all environments: a waiver for another one is a mistake. */
  readonly environments: readonly string[];
  readonly today: Date;
}

const DAY_MS = 86_400_000;

/**
 * Every waiver, those that have run out too: a drift check says so of them.
 * @throws ConfigurationError with all problems of the file
 */
export function loadDriftWaivers({
  file = path.join(import.meta.dirname, 'waivers', 'drift.json'),
  environments,
  today,
}: LoadWaiversOptions): readonly DriftWaiver[] {
  const text = readJsonFile(file);
  const parsed = driftWaiversSchema.safeParse(text.json?.value);
  const findings: readonly Finding[] =
    text.json === undefined
      ? text.findings
      : [
          ...text.findings,
          ...(parsed.success
            ? checkWaivers(parsed.data.waivers, environments, today)
            : describeIssues(parsed.error.issues, text.json.value, driftWaiversJsonSchema())),
        ];
  if (findings.length > 0 || !parsed.success) {
    const name = displayName(file);
    throw new ConfigurationError(
      findings.map((finding) => toProblem(name, finding, finding.at ?? text.locate(finding.path))),
    );
  }
  return parsed.data.waivers;
}

/** Rules across the fields: known environments, each difference waived once, an end within reach. */
function checkWaivers(waivers: readonly DriftWaiver[], environments: readonly string[], today: Date): Finding[] {
  const seen = new Set<string>();
  const latest = new Date(today.getTime() + LONGEST_WAIVER_DAYS * DAY_MS).toISOString().slice(0, 10);
  return waivers.flatMap(({ environment, resource, property, expires }, index): Finding[] => {
    const at = (key: keyof DriftWaiver) => ['waivers', index, key];
    const key = JSON.stringify([environment, resource, property]);
    const repeated = seen.has(key);
    seen.add(key);
    return [
      ...(environments.includes(environment)
        ? []
        : [{ path: at('environment'), found: show(environment), allowed: `one of ${environments.join(', ')}` }]),
      ...(repeated
        ? [{ path: at('property'), found: 'the same waiver as above', allowed: 'each difference waived once' }]
        : []),
      ...(expires > latest
        ? [{ path: at('expires'), found: show(expires), allowed: `${latest} at the latest: no waiver is for ever` }]
        : []),
    ];
  });
}
