/** What the table says after an operation of ours; what it says before one is tested against the fake CloudFormation. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderRefusal } from './refusals.ts';
import {
  isMoving,
  isOwnChangeSet,
  judgeOutcome,
  type Outcome,
  prepareStack,
  STACK_STATUSES,
  type StackState,
} from './status.ts';

const EXPECTED: Readonly<Record<Outcome, readonly StackState[]>> = {
  succeeded: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'],
  stale: ['REVIEW_IN_PROGRESS'],
  moving: [
    'CREATE_IN_PROGRESS',
    'UPDATE_IN_PROGRESS',
    'DELETE_IN_PROGRESS',
    'ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'IMPORT_IN_PROGRESS',
    'IMPORT_ROLLBACK_IN_PROGRESS',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  ],
  failed: [
    'ABSENT',
    'DELETE_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    'IMPORT_ROLLBACK_COMPLETE',
    'CREATE_FAILED',
    'UPDATE_FAILED',
    'ROLLBACK_COMPLETE',
    'ROLLBACK_FAILED',
    'UPDATE_ROLLBACK_FAILED',
    'DELETE_FAILED',
    'IMPORT_ROLLBACK_FAILED',
  ],
};

describe('judgeOutcome', () => {
  it('speaks of every status once', () => {
    assert.deepEqual(Object.values(EXPECTED).flat().sort(), [...STACK_STATUSES, 'ABSENT'].sort());
  });
  for (const [outcome, states] of Object.entries(EXPECTED)) {
    for (const state of states) it(`${state}: ${outcome}`, () => assert.equal(judgeOutcome(state), outcome));
  }
});

describe('prepareStack', () => {
  it('starts nothing on a stack that moves, but for the cancellation of an update', () => {
    for (const state of STACK_STATUSES.filter(isMoving)) {
      const { step } = prepareStack(
        { name: 'a', state, terminationProtection: false },
        { purpose: 'rollback', stage: 'development', recreateFailed: true },
      );
      assert.equal(step, state === 'UPDATE_IN_PROGRESS' ? 'cancel-update' : 'wait');
    }
  });

  it('a refusal says what, why and what to do', () => {
    const step = prepareStack(
      { name: 'trading-s3-prod', state: 'ROLLBACK_COMPLETE', terminationProtection: true },
      { purpose: 'deploy', stage: 'production', recreateFailed: true },
    );
    assert.ok(step.step === 'refuse');
    assert.equal(
      renderRefusal(step.refusal),
      'trading-s3-prod is in ROLLBACK_COMPLETE and would have to be deleted and created anew, but termination protection is on. ' +
        'Somebody switched it on to stop exactly this, so we do not switch it off. ' +
        'If the stack may go: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name trading-s3-prod, then run again.',
    );
  });
});

describe('isOwnChangeSet', () => {
  const names: Readonly<Record<string, boolean>> = {
    'gitops-diff-a1b2': true,
    'gitops-deploy-a1b2': true,
    'cdk-deploy-change-set': true,
    'cdk-diff-change-set-1': true,
    'my-gitops-diff': false,
    'release-2026': false,
  };
  for (const [name, own] of Object.entries(names)) it(`${name}: ${own}`, () => assert.equal(isOwnChangeSet(name), own));
});
