/** Waivers: what may stand in the file, and every problem of it in one go. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { driftWaiversJsonSchema, renderJsonSchema } from './json-schema.ts';
import { ConfigurationError } from './load.ts';
import { loadDriftWaivers } from './load-waivers.ts';
import { withFolder } from './testing/configuration-folder.ts';

const WAIVER = {
  environment: 'dev',
  resource: 'order-processing-dev',
  property: 'function.memory',
  reason: 'a load test until Friday',
  owner: 'trading-platform-team',
  expires: '2026-12-01',
};
const today = new Date('2026-11-23T12:00:00Z');

const load = (content: unknown) =>
  withFolder({ drift: content }, (folder) =>
    loadDriftWaivers({ file: path.join(folder, 'drift.json'), environments: ['dev', 'prod'], today }),
  );

/** `path: found`, each. */
function problems(content: unknown): string[] {
  try {
    load(content);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.exitCode, 2);
    return error.problems.map(({ path: at, found }) => `${at}: ${found}`);
  }
}

describe('waivers of drift', () => {
  test('the shipped file loads and waives nothing', () => {
    assert.deepEqual(loadDriftWaivers({ environments: ['dev'], today }), []);
  });

  test('a waiver is read as it stands, an expired one too', () => {
    const old = { ...WAIVER, property: 'function.timeout', expires: '2026-01-01' };
    assert.deepEqual(load({ $schema: './x.json', waivers: [WAIVER, old] }), [WAIVER, old]);
  });

  test('wildcards, for ever, nobody and no reason are refused, all at once', () => {
    const found = problems({
      waivers: [
        { ...WAIVER, resource: 'order-*' },
        { ...WAIVER, property: '*' },
        { ...WAIVER, reason: ' ' },
        { ...WAIVER, owner: '' },
        { ...WAIVER, expires: 'never' },
      ],
    });
    assert.deepEqual(found, [
      'waivers[0].resource: "order-*"',
      'waivers[1].property: "*"',
      'waivers[2].reason: " "',
      'waivers[3].owner: ""',
      'waivers[4].expires: "never"',
    ]);
  });

  test('an unknown environment, a repeated waiver and an end beyond a year are refused', () => {
    const found = problems({
      waivers: [
        { ...WAIVER, environment: 'qa' },
        WAIVER,
        { ...WAIVER, reason: 'another' },
        { ...WAIVER, property: 'x', expires: '2027-11-25' },
      ],
    });
    assert.deepEqual(found, [
      'waivers[0].environment: "qa"',
      'waivers[2].property: the same waiver as above',
      'waivers[3].expires: "2027-11-25"',
    ]);
    assert.deepEqual(problems({ waivers: [{ ...WAIVER, expires: '2027-11-24' }] }), []);
  });

  test('a missing key, an unknown one and broken JSON are named with their place', () => {
    const { owner: _, ...ownerless } = WAIVER;
    assert.deepEqual(problems({ waivers: [{ ...ownerless, until: '2026-12-01' }] }), [
      'waivers[0].owner: nothing: the key is missing',
      'waivers[0].until: the unknown key "until"',
    ]);
    assert.equal(problems('{ "waivers": [').length, 1);
  });

  test('the schema for editors is fresh, and the shipped file points at it', () => {
    const schema = path.join(import.meta.dirname, 'schema', 'waivers.schema.json');
    assert.equal(
      readFileSync(schema, 'utf8'),
      renderJsonSchema(driftWaiversJsonSchema()),
      'environments/schema/waivers.schema.json is stale: renew it with `npm run schema` and commit it',
    );
    const { $schema } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'waivers', 'drift.json'), 'utf8'));
    assert.equal(path.resolve(import.meta.dirname, 'waivers', $schema), schema);
  });
});
