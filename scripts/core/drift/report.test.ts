/** The report: merge by resource, result and verdict, coverage, waivers, remedies. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DriftWaiver } from '../../../environments/waivers.ts';
import type { CheckStatus } from '../check.ts';
import { DECLARED, type DriftCheck, fromProbe, type StackResource, stackResource, UNANSWERED } from './drift-check.ts';
import { wantedIssue } from './issue.ts';
import { compareReports } from './mended.ts';
import { renderDriftMarkdown } from './render/markdown.ts';
import { renderDrift } from './render/text.ts';
import { assembleReport, driftedResources, type ReportInput, uncheckedResources } from './report.ts';

const FUNCTION: StackResource = {
  type: 'AWS::Lambda::Function',
  id: 'order-processing-prod',
  stack: 'trading-lambda-prod',
  logicalId: 'Processing',
};
const QUEUE: StackResource = {
  type: 'AWS::SQS::Queue',
  id: 'https://q',
  stack: 'trading-sqs-prod',
  logicalId: 'Queue',
};

const check = (
  detector: DriftCheck['detector'],
  id: string,
  status: CheckStatus,
  of: StackResource = FUNCTION,
  more: Partial<DriftCheck> = {},
): DriftCheck => ({
  id,
  detector,
  property: id,
  subject: detector === 'live' && of === QUEUE ? 'order-queue-prod' : of.id,
  resource: { type: of.type, id: of.id },
  status,
  expected: 512,
  actual: status === 'unknown' ? null : 256,
  detail: status === 'pass' ? '' : 'why',
  ...more,
});
const native = (status: CheckStatus, of = FUNCTION): DriftCheck =>
  check('cloudformation', status === 'unknown' ? UNANSWERED.unchecked : 'cloudformation.resource', status, of);
/** All that is declared was compared, or the probe of the functions found another memory. */
const live = (status: CheckStatus, of = FUNCTION): DriftCheck =>
  status === 'pass' ? check('live', DECLARED.resource, status, of) : memory(of);
const memory = (of: StackResource): DriftCheck =>
  check('live', 'function.memory', 'fail', of, { property: '/MemorySize', expected: '512 MB', actual: '256 MB' });

const assemble = (checks: readonly DriftCheck[], more: Partial<ReportInput> = {}) =>
  assembleReport({
    environment: 'prod',
    stage: 'production',
    local: false,
    checks,
    resources: [FUNCTION],
    waivers: [],
    now: new Date('2026-11-23T23:59:00Z'),
    excused: [],
    notes: [],
    ...more,
  });

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

describe('findings', () => {
  test('are merged by resource, named as people do, with who saw each and its stack', () => {
    const seenNative = check('cloudformation', 'cloudformation.property', 'fail', QUEUE, {
      property: '/MessageRetentionPeriod',
      subject: 'trading-sqs-prod/Queue',
    });
    const { findings } = assemble([seenNative, check('live', 'queue.retention', 'fail', QUEUE), live('fail')], {
      resources: [FUNCTION, QUEUE],
    });
    assert.deepEqual(
      findings.map(({ name, stack, detectors, differences }) => [name, stack, detectors, differences.length]),
      [
        ['order-processing-prod', 'trading-lambda-prod', ['live'], 1],
        ['order-queue-prod', 'trading-sqs-prod', ['cloudformation', 'live'], 2],
      ],
    );
  });

  test('of one property by three who looked are one difference, in the words of people', () => {
    const raw = (detector: 'cloudformation' | 'live', id: string) =>
      check(detector, id, 'fail', QUEUE, { property: '/MessageRetentionPeriod', expected: 345_600, actual: 600 });
    const {
      property: _,
      detector: __,
      ...seen
    } = check('live', 'queue.retention', 'fail', QUEUE, {
      expected: '4 days',
      actual: '10 min',
    });
    const probe = fromProbe(seen);
    const [finding] = assemble(
      [raw('cloudformation', 'cloudformation.property'), raw('live', DECLARED.property), probe],
      {
        resources: [QUEUE],
      },
    ).findings;
    assert.deepEqual(finding?.differences, [
      {
        detectors: ['cloudformation', 'live'],
        checks: ['cloudformation.property', DECLARED.property, 'queue.retention'],
        property: '/MessageRetentionPeriod',
        expected: '4 days',
        actual: '10 min',
        detail: 'why',
      },
    ]);
    assert.match(
      finding?.remedies.undo.join() ?? '',
      /^aws sqs set-queue-attributes --queue-url https:\/\/q --attributes MessageRetentionPeriod=345600$/,
    );
  });

  test('of a part and of the whole are one: the part, seen by both', () => {
    const part = check('cloudformation', 'cloudformation.property', 'fail', FUNCTION, {
      property: '/Environment/Variables/LOG_LEVEL',
    });
    const whole = check('live', 'function.environment', 'fail', FUNCTION, { property: '/Environment/Variables' });
    const other = check('live', 'function.timeout', 'fail', FUNCTION, { property: '/Timeout' });
    const differences = assemble([whole, part, other]).findings[0]?.differences ?? [];
    assert.deepEqual(
      differences.map(({ property, detectors }) => [property, detectors]),
      [
        ['/Environment/Variables/LOG_LEVEL', ['cloudformation', 'live']],
        ['/Timeout', ['live']],
      ],
    );
  });

  test('in an emulated account no deployment mends, unless stacks differ from the release', () => {
    const of = (checks: readonly DriftCheck[]) => assemble(checks, { local: true }).findings[0]?.remedies;
    assert.equal(of([live('fail')])?.redeploy, null);
    const template = check('release', 'release.template', 'fail', FUNCTION, {
      resource: stackResource(FUNCTION.stack),
    });
    assert.equal(of([template])?.redeploy, 'npm run drift -- --env prod --local --fix');
    const extra = check('release', 'release.stack-by-hand', 'fail', FUNCTION, {
      resource: stackResource('trading-scratch-prod'),
    });
    assert.equal(of([extra])?.undo[0], 'eval "$(npm run -s env -- --env prod --local)"');
  });

  test('of the ledger are mended by a promotion or by who holds it, and there is nothing to take into Git', () => {
    for (const [id, command] of [
      ['release.hold', 'npm run resume -- --env prod --reason "…"'],
      ['release.on-main', 'npm run promote -- --only prod'],
      ['release.recorded', 'npm run promote -- --only prod'],
      ['release.state', 'npm run promote -- --only prod --retry'],
    ] as const) {
      const { resource: _, ...about } = check('release', id, 'fail');
      const remedies = assemble([about]).findings[0]?.remedies;
      assert.deepEqual([remedies?.redeploy, remedies?.adopt], [command, null], id);
    }
  });

  test('name commands that a shell takes for what they are', () => {
    const rules = check(
      'live',
      'security-group.egress',
      'fail',
      { ...FUNCTION, type: 'AWS::EC2::SecurityGroup', id: 'sg-1' },
      {
        property: '/SecurityGroupEgress',
        expected: ['out tcp 443 0.0.0.0/0'],
        actual: ['out tcp 443 0.0.0.0/0', 'out tcp 22 0.0.0.0/0', 'out all sg-2'],
      },
    );
    const hostile = check(
      'live',
      'role.inline-policies',
      'fail',
      { ...FUNCTION, type: 'AWS::IAM::Role', id: 'r' },
      {
        expected: [],
        actual: ["x'; rm -rf /"],
      },
    );
    const undo = assemble([rules, hostile]).findings.flatMap(({ remedies }) => remedies.undo);
    assert.deepEqual(undo.sort(), [
      "aws ec2 revoke-security-group-egress --group-id sg-1 --ip-permissions 'IpProtocol=tcp,FromPort=22,ToPort=22,IpRanges=[{CidrIp=0.0.0.0/0}]'",
      "aws iam delete-role-policy --role-name r --policy-name 'x'\\''; rm -rf /'",
    ]);
  });

  test('say how to mend them; what CloudFormation looked at and can’t see, no deployment mends', () => {
    const [seen] = assemble([native('fail'), live('fail')]).findings;
    assert.equal(seen?.remedies.redeploy, 'npm run drift -- --env prod --fix');
    assert.match(seen?.remedies.adopt ?? '', /npm run promote -- --only prod$/);
    assert.deepEqual(seen?.remedies.waive[1], {
      environment: 'prod',
      resource: 'order-processing-prod',
      property: '/MemorySize',
      reason: '',
      owner: '',
      expires: '',
    });
    assert.equal(assemble([native('pass'), live('fail')]).findings[0]?.remedies.redeploy, null);
  });

  test('hide what looks like a secret', () => {
    const secret = check('cloudformation', 'cloudformation.property', 'fail', FUNCTION, {
      property: '/Environment/Variables/DB_PASSWORD',
      expected: 'hunter2',
      actual: 'hunter3',
    });
    const report = assemble([secret]);
    for (const text of [renderDrift([report]), renderDriftMarkdown([report]), JSON.stringify(report.findings)]) {
      assert.doesNotMatch(text, /hunter/);
    }
  });
});

describe('waivers', () => {
  const waiver: DriftWaiver = {
    environment: 'prod',
    resource: 'order-processing-prod',
    property: 'function.memory',
    reason: 'a load test',
    owner: 'ada',
    expires: '2026-11-23',
  };
  const withWaiver = (change: Partial<DriftWaiver>, checks = [native('pass'), live('fail')]) =>
    assemble(checks, { waivers: [{ ...waiver, ...change }] });

  test('valid to the end of the last day: the difference passes and is told', () => {
    const report = withWaiver({});
    assert.deepEqual([report.ok, report.result, report.waived.length], [true, 'in-sync', 1]);
    assert.match(renderDrift([report]), /Waived until 2026-11-23: function.memory of order-processing-prod/);
  });

  test('expired: the difference and the waiver fail', () => {
    const report = withWaiver({ expires: '2026-11-22' });
    assert.deepEqual([report.ok, report.findings.length, report.waiverProblems[0]?.problem], [false, 1, 'expired']);
    assert.equal(withWaiver({ expires: '2026-11-22' }, [native('pass'), live('pass')]).ok, false);
  });

  test('unused: told, and passes', () => {
    const report = withWaiver({}, [native('pass'), live('pass')]);
    assert.deepEqual([report.ok, report.unusedWaivers.length, report.waiverProblems.length], [true, 1, 0]);
    assert.match(renderDrift([report]), /Unused waiver/);
  });

  test('of a resource that is not there: fails', () => {
    const report = withWaiver({ resource: 'order-procesing-prod' });
    assert.deepEqual([report.ok, report.waiverProblems[0]?.problem], [false, 'unknown-resource']);
  });

  test('of another property or environment: covers nothing', () => {
    assert.equal(withWaiver({ property: 'function.timeout' }).findings.length, 1);
    const other = withWaiver({ environment: 'dev' });
    assert.deepEqual([other.findings.length, other.unusedWaivers.length], [1, 0]);
  });

  test('one covers what every detector says of the property, by any name of the resource', () => {
    const raw = check('cloudformation', 'cloudformation.property', 'fail', QUEUE, {
      property: '/MessageRetentionPeriod',
      subject: 'trading-sqs-prod/Queue',
    });
    const probe = check('live', 'queue.retention', 'fail', QUEUE, { property: '/MessageRetentionPeriod' });
    for (const resource of ['order-queue-prod', 'trading-sqs-prod/Queue', 'https://q']) {
      const report = assemble([raw, probe], {
        resources: [QUEUE],
        waivers: [{ ...waiver, resource, property: '/MessageRetentionPeriod' }],
      });
      assert.deepEqual([report.ok, report.findings.length, report.waived.length], [true, 0, 2], resource);
    }
  });

  test('one of a part covers the whole, unless another part differs', () => {
    const part = (name: string) =>
      check('cloudformation', 'cloudformation.property', 'fail', FUNCTION, {
        property: `/Environment/Variables/${name}`,
      });
    const whole = check('live', 'function.environment', 'fail', FUNCTION, { property: '/Environment/Variables' });
    const property = '/Environment/Variables/LOG_LEVEL';
    assert.equal(withWaiver({ property }, [part('LOG_LEVEL'), whole]).findings.length, 0);
    const [left] = withWaiver({ property }, [part('LOG_LEVEL'), part('TABLE_NAME'), whole]).findings;
    assert.deepEqual(
      left?.differences.map((each) => each.property),
      ['/Environment/Variables/TABLE_NAME'],
    );
    assert.equal(withWaiver({ property: '/Environment' }, [part('A'), part('B'), whole]).findings.length, 0);
    assert.equal(withWaiver({ property: '/Env' }, [part('A')]).findings.length, 1);
  });

  test('of an unknown check lets production pass', () => {
    const report = withWaiver({ property: UNANSWERED.unchecked }, [native('unknown'), live('pass')]);
    assert.deepEqual([report.ok, report.result], [true, 'unknown']);
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
