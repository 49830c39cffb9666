/** The report: result and verdict, coverage, the issue, before and after. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assemble, check, FUNCTION, live, native, QUEUE } from '../../testing/drift-samples.ts';
import { DECLARED, stackResource, UNANSWERED } from './drift-check.ts';
import { wantedIssue } from './issue.ts';
import { compareReports } from './mended.ts';
import { renderDriftMarkdown } from './render/markdown.ts';
import { renderDrift } from './render/text.ts';
import { driftedResources, uncheckedResources } from './report.ts';

describe('result and verdict', () => {
  test('in sync only where all was answered and nothing failed', () => {
    const report = assemble([native('pass'), live('pass')]);
    assert.deepEqual([report.result, report.ok], ['in-sync', true]);
  });

  test('unknown fails production, passes elsewhere, and is never in sync', () => {
    const checks = [native('unknown'), live('pass')];
    const { result, ok } = assemble(checks);
    assert.deepEqual([result, ok], ['unknown', false]);
    const elsewhere = assemble(checks, { stage: 'staging' });
    assert.deepEqual([elsewhere.result, elsewhere.ok], ['unknown', true]);
  });

  test('what the target can’t answer is unknown and does not fail', () => {
    const unavailable = check('cloudformation', UNANSWERED.unavailable, 'unknown', FUNCTION, {
      resource: stackResource(FUNCTION.stack),
    });
    const excused = [{ id: UNANSWERED.unavailable, reason: 'no' }];
    const report = assemble([unavailable, live('pass')], { excused, local: true });
    assert.deepEqual([report.result, report.ok, report.coverage.checked], ['unknown', true, 1]);
  });

  test('a resource nobody answered for is unknown without a check that says so', () => {
    const report = assemble([live('pass', QUEUE)]);
    assert.deepEqual([report.result, report.ok, uncheckedResources(report)], ['unknown', false, 1]);
  });

  test('what a waiver accepts as unchecked counts neither in the verdict nor in the metric; what else is unknown does', () => {
    const waiver = {
      environment: 'prod',
      resource: FUNCTION.id,
      property: UNANSWERED.unchecked,
      reason: 'CloudFormation fails to read it',
      owner: 'ada',
      expires: '2026-12-01',
    };
    const checks = [native('unknown'), native('pass', QUEUE)];
    const judge = (more: Parameters<typeof assemble>[1], all = checks) => {
      const report = assemble(all, { resources: [FUNCTION, QUEUE], ...more });
      return [report.ok, report.coverage.unchecked.length, uncheckedResources(report)];
    };
    assert.deepEqual(judge({}), [false, 1, 1]);
    assert.deepEqual(judge({ waivers: [waiver] }), [true, 1, 0]);
    assert.deepEqual(judge({ waivers: [{ ...waiver, expires: '2026-11-22' }] }), [false, 1, 1]);
    const unread = check('live', DECLARED.unread, 'unknown');
    assert.deepEqual(judge({ waivers: [waiver] }, [...checks, unread]), [false, 1, 1]);
    const stack = check('cloudformation', UNANSWERED.stack, 'unknown', FUNCTION, {
      resource: stackResource(FUNCTION.stack),
    });
    assert.deepEqual(judge({ waivers: [waiver] }, [...checks, stack]), [false, 1, 1]);
  });

  test('no answer at all passes nowhere', () => {
    const nothing = assemble([], { stage: 'development', resources: [] });
    assert.deepEqual([nothing.ok, nothing.result], [false, 'unknown']);
    assert.equal(assemble([native('unknown')], { stage: 'development' }).ok, false);
  });
});

describe('coverage', () => {
  test('probes answer for a type CloudFormation does not support, not for what it failed to check', () => {
    const unsupported = check('cloudformation', UNANSWERED.unsupported, 'unknown');
    const covered = assemble([unsupported, live('pass')]);
    assert.deepEqual(
      [covered.coverage.checked, covered.ok, covered.unknown[0]?.excuse],
      [1, true, 'probes checked it'],
    );
    assert.equal(assemble([native('unknown'), live('pass')]).coverage.checked, 0);
    assert.equal(assemble([unsupported]).ok, false);
  });

  test('what probes could not read counts, unless CloudFormation answered for it', () => {
    const unread = check('live', DECLARED.unread, 'unknown');
    const alone = assemble([unread]);
    assert.deepEqual([alone.ok, alone.coverage.checked, alone.unknown[0]?.excuse], [false, 0, null]);
    const answered = assemble([unread, native('pass')]);
    assert.deepEqual(
      [answered.ok, answered.result, answered.unknown[0]?.excuse],
      [true, 'in-sync', 'CloudFormation checked it'],
    );
    // One property differs and another could not be compared: found, and yet not looked at as a whole.
    assert.equal(assemble([unread, check('live', DECLARED.property, 'fail')]).coverage.checked, 0);
  });

  test('says what even checked resources were not compared by', () => {
    const code = check('live', DECLARED.resource, 'pass', FUNCTION, { detail: 'Code is not compared: a hash' });
    const { coverage, ...report } = assemble([code, native('pass')]);
    assert.deepEqual(coverage.leftOut, ['AWS::Lambda::Function: Code is not compared: a hash']);
    assert.match(renderDrift([{ coverage, ...report }]), /AWS::Lambda::Function: Code is not compared: a hash$/);
    assert.match(renderDriftMarkdown([{ coverage, ...report }]), /Code is not compared/);
  });

  test('a stack that was not checked leaves all its resources unchecked', () => {
    const stack = check('cloudformation', UNANSWERED.stack, 'unknown', FUNCTION, {
      resource: stackResource(FUNCTION.stack),
    });
    assert.equal(assemble([stack, live('pass')]).coverage.checked, 0);
  });

  test('tags or one setting alone are no look, and a closed default group stands for the resource that closes it', () => {
    assert.equal(assemble([check('live', 'tags.present', 'pass')]).coverage.checked, 0);
    assert.equal(assemble([check('live', 'function.memory', 'pass')]).coverage.checked, 0);
    const custom = { ...FUNCTION, type: 'Custom::VpcRestrictDefaultSG' };
    const closed = check('live', 'security-group.default-closed', 'pass', QUEUE);
    assert.equal(assemble([closed], { resources: [custom] }).coverage.checked, 1);
  });

  test('is given per stack and type', () => {
    const report = assemble([native('pass'), live('pass', QUEUE)], { resources: [QUEUE, FUNCTION] });
    assert.deepEqual(
      report.coverage.rows.map(({ stack, type, checked, total, byCloudFormation, byProbes }) => [
        stack,
        type,
        checked,
        total,
        byCloudFormation,
        byProbes,
      ]),
      [
        ['trading-lambda-prod', 'AWS::Lambda::Function', 1, 1, 1, 0],
        ['trading-sqs-prod', 'AWS::SQS::Queue', 1, 1, 0, 1],
      ],
    );
  });
});

describe('the issue', () => {
  test('is open while the check does not pass, closed when all is answered, and left where something is not', () => {
    const open = wantedIssue(assemble([native('fail')]));
    assert.ok(open?.wanted.state === 'open');
    assert.equal(open.wanted.title, 'Drift in prod');
    assert.match(open.wanted.body, /order-processing-prod/);
    assert.deepEqual(wantedIssue(assemble([native('pass')]))?.wanted, { state: 'closed' });
    assert.equal(wantedIssue(assemble([native('unknown'), live('pass')], { stage: 'staging' })), null);
  });

  test('is left as it is where nothing could be looked at: a deployment is at work', () => {
    const moving = assemble([check('release', 'release.state', 'unknown')], { resources: [] });
    assert.deepEqual([moving.ok, wantedIssue(moving)], [false, null]);
    assert.match(renderDrift([moving]), /^prod: nothing could be checked/);
  });

  test('reads the same for the same drift, and mentions nobody', () => {
    const hostile = check('live', 'role.inline-policies', 'fail', FUNCTION, { actual: '@octocat <b>|`#1' });
    const [a, b] = [assemble([hostile]), assemble([hostile], { now: new Date('2027-01-01T00:00:00Z') })];
    assert.deepEqual(wantedIssue(a), wantedIssue(b));
    assert.doesNotMatch(renderDriftMarkdown([a]), /@octocat|<b>/);
  });
});

test('before and after: what is gone, still there, and new', () => {
  const before = assemble([native('fail'), check('live', 'queue.retention', 'fail', QUEUE)]);
  const after = assemble([check('live', 'queue.retention', 'fail', QUEUE)]);
  const names = (findings: readonly { name: string }[]) => findings.map(({ name }) => name);
  const { mended, left, fresh } = compareReports(before, after);
  assert.deepEqual([names(mended), names(left), names(fresh)], [['order-processing-prod'], ['order-queue-prod'], []]);
  assert.equal(driftedResources(before), 2);
});
