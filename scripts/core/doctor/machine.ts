/** Whether this machine has what the verbs need: versions beside what package.json asks for. Pure. */
import type { Check } from '../check.ts';
import { assess, assessPresent, type Expectation } from '../validation/assess.ts';
import { exactly, satisfying } from '../validation/matchers.ts';
import { type Observation, observed } from '../validation/observation.ts';

/** The emulator asks for it. */
export const OLDEST_PYTHON = '3.10';

export interface MachineFacts {
  /** `20.20.2` */
  readonly node: string;
  /** `>=20.19.0`, of package.json. */
  readonly wantedNode: string;
  /** By name: as installed, and as package.json pins them. */
  readonly packages: Readonly<Record<string, { readonly installed: Observation<string>; readonly wanted: string }>>;
  readonly git: Observation<string>;
  /** Undefined where no emulator is needed. */
  readonly python: Observation<string> | undefined;
}

export function judgeMachine({ node, wantedNode, packages, git, python }: MachineFacts): readonly Check[] {
  const oldest = wantedNode.replace(/^>=/, '');
  return [
    ...assess({ name: 'node' }, observed(node), [
      atLeast('machine.node', oldest, `Install Node ${oldest} or newer; .nvmrc names the one that runs in Actions.`),
    ]),
    ...Object.entries(packages).flatMap(([name, { installed, wanted }]) =>
      assess({ name }, installed, [
        { id: 'machine.packages', expected: exactly(wanted), actual: (version) => version, remedy: 'Run: npm ci' },
      ]),
    ),
    ...assessPresent({ name: 'git' }, 'machine.git', git, [], 'Install git: a release names its commit.'),
    ...(python === undefined
      ? []
      : assess({ name: 'python' }, python, [
          atLeast(
            'machine.python',
            OLDEST_PYTHON,
            `Install Python ${OLDEST_PYTHON} or newer: the emulator runs on it.`,
          ),
        ])),
  ];
}

const atLeast = (id: string, oldest: string, remedy: string): Expectation<string> => ({
  id,
  expected: satisfying(`${oldest} or newer`, (version) => typeof version === 'string' && isAtLeast(version, oldest)),
  actual: (version) => version,
  remedy,
});

/** Versions of numbers and dots: `3.9` is older than `3.10`. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  for (const [index, least] of (b ?? []).entries()) {
    const part = a?.[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
