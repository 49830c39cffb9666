/** Versions: what is new enough, and each thing that is seen to be missing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missing, observed, unanswered } from '../validation/observation.ts';
import { isAtLeast, judgeMachine, type MachineFacts } from './machine.ts';

const GOOD: MachineFacts = {
  node: '20.20.2',
  wantedNode: '>=20.19.0',
  packages: { esbuild: { installed: observed('0.28.2'), wanted: '0.28.2' } },
  git: observed('2.43.0'),
  python: observed('3.11.2'),
};
const findings = (facts: Partial<MachineFacts>): string[] =>
  judgeMachine({ ...GOOD, ...facts })
    .filter(({ status }) => status !== 'pass')
    .map(({ id, status, detail }) => `${id} ${status}: ${detail}`);

describe('versions', () => {
  for (const [version, oldest, expected] of [
    ['20.19.0', '20.19.0', true],
    ['20.18.9', '20.19.0', false],
    ['24.0.0', '20.19.0', true],
    ['3.9', '3.10', false],
    ['3.10.1', '3.10', true],
    ['3', '3.10', false],
    ['22.0.0-nightly', '20.19.0', true],
  ] as const) {
    it(`${version} ${expected ? 'is' : 'is not'} ${oldest} or newer`, () =>
      assert.equal(isAtLeast(version, oldest), expected));
  }
});

describe('a machine', () => {
  it('with all of it lacks nothing; Python is asked for where the emulator runs', () => {
    assert.deepEqual(findings({}), []);
    assert.equal(judgeMachine({ ...GOOD, python: undefined }).length, judgeMachine(GOOD).length - 1);
  });

  const table: readonly [facts: Partial<MachineFacts>, finding: RegExp][] = [
    [{ node: '18.20.0' }, /^machine\.node fail: Install Node 20\.19\.0 or newer/],
    [
      { packages: { esbuild: { installed: observed('0.27.0'), wanted: '0.28.2' } } },
      /^machine\.packages fail: Run: npm ci/,
    ],
    [{ packages: { esbuild: { installed: missing, wanted: '0.28.2' } } }, /^machine\.packages fail: Run: npm ci/],
    [{ git: missing }, /^machine\.git fail: Install git/],
    [{ git: unanswered('EACCES') }, /^machine\.git unknown: EACCES/],
    [{ python: missing }, /^machine\.python fail: Install Python 3\.10/],
    [{ python: observed('3.9.18') }, /^machine\.python fail/],
  ];
  for (const [facts, finding] of table) {
    it(`says ${finding.source}`, () => {
      const found = findings(facts);
      assert.equal(found.length, 1);
      assert.match(found[0] ?? '', finding);
    });
  }
});
