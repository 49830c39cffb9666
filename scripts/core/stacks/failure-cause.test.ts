import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginsOperation, firstCause, renderCause, type StackEventFacts } from './failure-cause.ts';

const event = (logicalId: string, status: string, reason = ''): StackEventFacts => ({
  stackId: 'arn',
  logicalId,
  physicalId: logicalId === 'stack' ? 'arn' : `${logicalId}-1`,
  type: logicalId === 'stack' ? 'AWS::CloudFormation::Stack' : 'AWS::SQS::Queue',
  status,
  reason,
  at: '2026-01-01T00:00:00.000Z',
});

describe('firstCause', () => {
  it('passes over resources that were stopped because of another', () => {
    const oldestFirst = [
      event('A', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('B', 'CREATE_FAILED', 'B exists'),
      event('C', 'CREATE_FAILED', 'C exists'),
      event('stack', 'CREATE_FAILED', 'The following resource(s) failed to create: [A, B, C]. '),
    ];
    assert.equal(firstCause([...oldestFirst].reverse())?.logicalId, 'B');
  });

  it('is what the stack says when no resource gives a cause', () => {
    const cause = firstCause([
      event('stack', 'CREATE_FAILED', 'Hook failed'),
      event('A', 'CREATE_FAILED', 'Resource creation cancelled'),
    ]);
    assert.equal(cause?.reason, 'Hook failed');
  });

  it('says when CloudFormation gave no reason', () => {
    const cause = firstCause([event('A', 'DELETE_FAILED')]);
    assert.ok(cause);
    assert.equal(renderCause(cause), 'A (AWS::SQS::Queue) DELETE_FAILED: CloudFormation gave no reason');
  });

  it('is nothing when nothing failed', () => {
    assert.equal(firstCause([event('A', 'UPDATE_COMPLETE')]), undefined);
    assert.equal(firstCause([]), undefined);
  });
});

describe('beginsOperation', () => {
  const table: readonly [StackEventFacts, boolean][] = [
    [event('stack', 'UPDATE_IN_PROGRESS'), true],
    [event('stack', 'UPDATE_ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to update: [A]. '), false],
    [event('stack', 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated'), true],
    [event('stack', 'DELETE_IN_PROGRESS', 'User Initiated'), true],
    [event('stack', 'DELETE_IN_PROGRESS'), false],
    [event('stack', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'), false],
    [event('A', 'UPDATE_IN_PROGRESS', 'User Initiated'), false],
  ];
  for (const [given, expected] of table) {
    it(`${given.logicalId} ${given.status} "${given.reason}": ${expected}`, () => {
      assert.equal(beginsOperation(given), expected);
    });
  }
});
