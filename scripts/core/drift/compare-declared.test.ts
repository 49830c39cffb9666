/** Declared beside live: what is a difference, what is none, and what was not compared. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveTemplateValue } from '../validation/template-values.ts';
import { compareDeclared } from './compare-declared.ts';

const UNKNOWN = resolveTemplateValue({ 'Fn::GetAtt': ['Other', 'Thing'] }, {});

const paths = (declared: object, live: object, beyond: readonly string[] = []): string[] =>
  compareDeclared({ ...declared }, { ...live }, new Set(beyond)).differences.map(({ path }) => path);

describe('a difference', () => {
  test('is named by its path, with both values', () => {
    const { differences } = compareDeclared(
      { TracingConfig: { Mode: 'Active' } },
      { TracingConfig: { Mode: 'PassThrough' } },
    );
    assert.deepEqual(differences, [{ path: '/TracingConfig/Mode', expected: 'Active', actual: 'PassThrough' }]);
  });

  test('is a setting that the service no longer has', () => {
    assert.deepEqual(paths({ RetentionInDays: 30 }, { RetentionInDays: undefined }), ['/RetentionInDays']);
  });

  test('in a list is named by the place of the one member that changed, or by the list', () => {
    const rules = (...ports: number[]) => ({ Rules: ports.map((FromPort) => ({ FromPort, IpProtocol: 'tcp' })) });
    assert.deepEqual(paths(rules(1, 2, 3), rules(3, 1, 9)), ['/Rules/1/FromPort']);
    assert.deepEqual(paths(rules(1, 2), rules(3, 4)), ['/Rules']);
    assert.deepEqual(paths(rules(1), rules(1, 22)), ['/Rules']);
  });

  test('is a member more in what a template writes whole', () => {
    const variables = (more: object) => ({ Environment: { Variables: { A: '1', ...more } } });
    assert.deepEqual(paths(variables({}), variables({ B: '2' })), ['/Environment/Variables/B']);
    const policy = (more: object) => ({ PolicyDocument: { Statement: [{ Effect: 'Deny', ...more }] } });
    assert.deepEqual(paths(policy({}), policy({ Condition: {} })), ['/PolicyDocument/Statement/0/Condition']);
  });
});

describe('no difference', () => {
  test('is the order of keys and lists, a number as text, what a service adds, or what nobody declared', () => {
    const declared = { A: { x: 1, y: 'two' }, L: ['a', 'b'], R: [{ n: 1 }] };
    const live = { L: ['b', 'a'], A: { y: 'two', x: '1', z: 3 }, R: [{ n: 1, added: true }], Extra: 'x' };
    assert.deepEqual(paths(declared, live), []);
  });

  test('is JSON in another formatting, where it is compared as a whole', () => {
    const declared = { DashboardBody: '{"widgets":[{"type":"alarm"}]}' };
    assert.deepEqual(paths(declared, { DashboardBody: '{ "widgets": [ {"type": "alarm"} ] }' }), []);
    assert.deepEqual(paths(declared, { DashboardBody: '{"widgets":[]}' }), ['/DashboardBody/widgets']);
  });

  test('are tags: a check of their own looks at those', () => {
    assert.deepEqual(paths({ Tags: [{ Key: 'a' }] }, {}), []);
  });
});

test('what nobody read, and what the template does not tell, was not compared; what no service tells is left out', () => {
  const compared = compareDeclared(
    { Code: 'x', New: 1, Role: UNKNOWN, Known: 1 },
    { Role: 'arn', Known: 1 },
    new Set(['Code']),
  );
  assert.deepEqual(compared, { differences: [], notCompared: ['New', 'Role'] });
});
