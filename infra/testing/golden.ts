/**
 * Golden templates: every template of every environment, whole, as it was last agreed to. A change of one shows in the
 * review of the pull request that makes it. `npm run golden` writes them anew.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FleetStack } from './fleet.ts';

const GOLDEN_FOLDER = path.join(import.meta.dirname, 'golden');

const folderOf = (environment: string): string => path.join(GOLDEN_FOLDER, environment);
const fileOf = ({ environment, stack }: FleetStack): string =>
  path.join(folderOf(environment.name), `${stack.stackName}.json`);

/** The template that was agreed to, parsed; nothing for a stack that has none yet. */
export function readGolden(one: FleetStack): unknown {
  return existsSync(fileOf(one)) ? JSON.parse(readFileSync(fileOf(one), 'utf8')) : undefined;
}

/** The names of the stacks an environment has golden templates of, sorted; empty for a new environment. */
export function goldenStacks(environment: string): string[] {
  if (!existsSync(folderOf(environment))) return [];
  return readdirSync(folderOf(environment))
    .map((name) => path.basename(name, '.json'))
    .sort();
}

/** Replaces all golden templates. */
export function writeGolden(fleet: readonly FleetStack[]): void {
  rmSync(GOLDEN_FOLDER, { recursive: true, force: true });
  for (const one of fleet) {
    mkdirSync(folderOf(one.environment.name), { recursive: true });
    writeFileSync(fileOf(one), `${JSON.stringify(one.template, null, 2)}\n`);
  }
}
