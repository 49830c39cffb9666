/** Findings: merged by resource and by fact, and how to mend each. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assemble, check, FUNCTION, live, native, QUEUE } from '../../testing/drift-samples.ts';
import { DECLARED, type DriftCheck, fromProbe, stackResource } from './drift-check.ts';
import { renderDriftMarkdown } from './render/markdown.ts';
import { renderDrift } from './render/text.ts';

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

  test('of what is gone with its stack are mended as the stack is, in an emulated account too', () => {
    const lost = check('release', 'release.stack', 'fail', FUNCTION, { resource: stackResource('trading-sqs-prod') });
    const queue = check('live', 'queue.present', 'fail', QUEUE, { property: 'present' });
    const of = (checks: readonly DriftCheck[], resources = [FUNCTION]) =>
      assemble(checks, { local: true, resources }).findings.find(({ name }) => name === 'order-queue-prod')?.remedies;
    assert.equal(of([lost, queue])?.redeploy, 'npm run drift -- --env prod --local --fix');
    // Deleted from a stack that is there: a template that is the same makes nothing anew in an emulated account.
    assert.equal(of([lost, queue], [FUNCTION, QUEUE])?.redeploy, null);
    assert.equal(of([queue])?.redeploy, null);
  });

  test('of a stack with another template than the release go back with it, in an emulated account too', () => {
    const of = (stack: string) => {
      const changed = check('release', 'release.template', 'fail', FUNCTION, { resource: stackResource(stack) });
      const { findings } = assemble([changed, live('fail')], { local: true });
      return findings.find(({ name }) => name === FUNCTION.id)?.remedies.redeploy;
    };
    assert.equal(of(FUNCTION.stack), 'npm run drift -- --env prod --local --fix');
    assert.equal(of('trading-sqs-prod'), null);
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

  test('of the ledger that are two, are mended one after the other', () => {
    const checks = ['release.hold', 'release.on-main'].map((id) => {
      const { resource: _, ...about } = check('release', id, 'fail');
      return about;
    });
    assert.equal(
      assemble(checks).findings[0]?.remedies.redeploy,
      'npm run resume -- --env prod --reason "…" && npm run promote -- --only prod',
    );
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
