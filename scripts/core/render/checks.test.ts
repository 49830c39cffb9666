import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Check, judge } from '../check.ts';
import { renderChecks, renderChecksMarkdown } from './checks.ts';

const check = (over: Partial<Check>): Check => ({
  id: 'function.memory',
  subject: 'order-processing-dev',
  status: 'pass',
  expected: 512,
  actual: 512,
  detail: '',
  ...over,
});
const report = (checks: readonly Check[], excused: readonly string[] = []) => ({
  title: 'dev',
  checks,
  verdict: judge(
    checks,
    excused.map((id) => ({ id, reason: 'recorded' })),
  ),
});

const failed = check({ status: 'fail', actual: 1024, detail: 'Put it back.' });
const unknown = check({
  id: 'emulator.recorded',
  status: 'unknown',
  subject: 'AWS::EC2::FlowLog (1)',
  detail: 'no traffic',
});

test('a failure names subject, expected, actual and what to do', () => {
  const { text, counts } = renderChecks([report([failed, check({ id: 'function.timeout' })])]);
  assert.match(text, /dev: NOT VALID, 1 of 2 checks passed, 1 failed/);
  assert.match(
    text,
    /FAILED {2}function\.memory\n {2}of {8}order-processing-dev\n {2}expected {2}512\n {2}actual {4}1024\n {2}to do {5}Put it back\./,
  );
  assert.deepEqual(counts, { pass: 1, fail: 1, unknown: 0 });
});

test('unknown checks of one kind and reason are said once, those that block first', () => {
  const other = check({ status: 'unknown', subject: 'order-intake-dev', detail: 'ThrottlingException' });
  const twice = { ...unknown, subject: 'AWS::EC2::NatGateway (3)' };
  const { text } = renderChecks([report([unknown, twice, other], ['emulator.recorded'])]);
  assert.match(
    text,
    /UNKNOWN {2}emulator\.recorded\n {2}AWS::EC2::FlowLog \(1\), AWS::EC2::NatGateway \(3\): no traffic/,
  );
  assert.match(text, /UNKNOWN {2}function\.memory \(blocks\)/);
  assert.ok(text.indexOf('(blocks)') < text.indexOf('emulator.recorded\n'));
  assert.match(text, /3 unknown \(1 block\)/);
});

test('a valid environment says so and lists nothing', () => {
  const { text } = renderChecks([report([check({})])]);
  assert.match(text, /^dev: valid, 1 of 1 checks passed\n/);
  assert.doesNotMatch(text, /FAILED|UNKNOWN/);
});

test('no check at all is not valid', () => {
  assert.match(renderChecks([report([])]).text, /NOT VALID, 0 of 0/);
});

test('Markdown holds the same, and a cell stays a cell', () => {
  const { text, counts } = renderChecksMarkdown([report([{ ...failed, actual: 'a|b' }, unknown])]);
  assert.match(text, /### ❌ dev/);
  assert.match(text, /\| function\.memory \| order-processing-dev \| 512 \| a\\\|b \| Put it back\. \|/);
  assert.match(text, /\| emulator\.recorded \| AWS::EC2::FlowLog \(1\) \| yes \| no traffic \|/);
  assert.deepEqual(counts, { pass: 0, fail: 1, unknown: 1 });
});

test('a long value is cut', () => {
  const { text } = renderChecks([report([{ ...failed, actual: 'x'.repeat(1000) }])]);
  assert.ok(text.includes(`${'x'.repeat(400)}…`) && !text.includes('x'.repeat(401)));
});
