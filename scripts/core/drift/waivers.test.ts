/** Waivers: what each covers, and what becomes of one that ran out, is not used, or names nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DriftWaiver } from '../../../environments/waivers.ts';
import { assemble, check, FUNCTION, live, native, QUEUE } from '../../testing/drift-samples.ts';
import { UNANSWERED } from './drift-check.ts';
import { renderDrift } from './render/text.ts';

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
