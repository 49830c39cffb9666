/**
 * What a stack's status allows: before we deploy it (`prepareStack`) and after an operation of ours (`judgeOutcome`).
 *
 * Why a table of all statuses: each one CloudFormation can report has exactly one legal next step, and a status
 * somebody forgot would be found at night. `core` knows no SDK; the adapter proves at compile time that
 * `STACK_STATUSES` and the SDK's union are the same set.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (status codes).
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { type Refusal, refusals } from './refusals.ts';

/** Every status CloudFormation gives a stack. */
export const STACK_STATUSES = [
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'CREATE_COMPLETE',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_FAILED',
  'ROLLBACK_COMPLETE',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
  'DELETE_COMPLETE',
  'UPDATE_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'REVIEW_IN_PROGRESS',
  'IMPORT_IN_PROGRESS',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_IN_PROGRESS',
  'IMPORT_ROLLBACK_FAILED',
  'IMPORT_ROLLBACK_COMPLETE',
] as const;
export type StackStatus = (typeof STACK_STATUSES)[number];

/** A stack as we find it; `ABSENT` where CloudFormation knows none of that name. */
export type StackState = StackStatus | 'ABSENT';

/** Why the stacks are made ready. A rollback may cut an update short; a deploy waits for it. */
export type Purpose = 'deploy' | 'rollback';

/** What is to be known of a stack. */
export interface StackToPrepare {
  readonly name: string;
  readonly state: StackState;
  readonly terminationProtection: boolean;
}

/** What the decision depends on beside the stack. */
export interface PreparationContext {
  readonly purpose: Purpose;
  readonly stage: EnvironmentConfig['stage'];
  /** A person allowed a stack whose creation and rollback both failed to be deleted: `--recreate-failed`. */
  readonly recreateFailed: boolean;
}

/** The one legal next step. `ready`: deploy now, as a creation or as an update. */
export type PreparationStep =
  | { readonly step: 'ready'; readonly deployAs: 'create' | 'update' }
  | { readonly step: 'wait' }
  | { readonly step: 'discard-change-sets' }
  | { readonly step: 'cancel-update' }
  | { readonly step: 'continue-rollback' }
  | { readonly step: 'roll-back' }
  | { readonly step: 'delete' }
  | { readonly step: 'refuse'; readonly refusal: Refusal };

/** What became of an operation of ours: `stale` is a read older than the operation, so keep polling. */
export type Outcome = 'succeeded' | 'failed' | 'moving' | 'stale';

interface Row {
  readonly prepare: (stack: StackToPrepare, context: PreparationContext) => PreparationStep;
  readonly after: Outcome;
}

const create = (): PreparationStep => ({ step: 'ready', deployAs: 'create' });
const update = (): PreparationStep => ({ step: 'ready', deployAs: 'update' });
const wait = (): PreparationStep => ({ step: 'wait' });
const refuse = (refusal: Refusal): PreparationStep => ({ step: 'refuse', refusal });

/** Cancelling is for rollbacks: a deploy must not undo what somebody else is doing. */
const cancelOrWait: Row['prepare'] = (_stack, { purpose }) =>
  purpose === 'rollback' ? { step: 'cancel-update' } : { step: 'wait' };

/** Protection was switched on to stop deletions: ours are no exception. */
const remove: Row['prepare'] = ({ name, state, terminationProtection }) =>
  terminationProtection ? refuse(refusals.terminationProtection(name, state)) : { step: 'delete' };

/** What survived a failed rollback may hold something: beyond development a person allows its deletion. */
const removeIfAllowed: Row['prepare'] = (stack, context) =>
  context.stage === 'development' || context.recreateFailed
    ? remove(stack, context)
    : refuse(refusals.rollbackFailed(stack.name, context.stage));

const TABLE: Readonly<Record<StackState, Row>> = {
  ABSENT: { prepare: create, after: 'failed' },
  DELETE_COMPLETE: { prepare: create, after: 'failed' },

  CREATE_COMPLETE: { prepare: update, after: 'succeeded' },
  UPDATE_COMPLETE: { prepare: update, after: 'succeeded' },
  IMPORT_COMPLETE: { prepare: update, after: 'succeeded' },

  CREATE_IN_PROGRESS: { prepare: wait, after: 'moving' },
  UPDATE_IN_PROGRESS: { prepare: cancelOrWait, after: 'moving' },
  DELETE_IN_PROGRESS: { prepare: wait, after: 'moving' },
  ROLLBACK_IN_PROGRESS: { prepare: wait, after: 'moving' },
  UPDATE_ROLLBACK_IN_PROGRESS: { prepare: wait, after: 'moving' },
  IMPORT_IN_PROGRESS: { prepare: wait, after: 'moving' },
  IMPORT_ROLLBACK_IN_PROGRESS: { prepare: wait, after: 'moving' },
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: { prepare: wait, after: 'moving' },
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: { prepare: wait, after: 'moving' },

  UPDATE_ROLLBACK_COMPLETE: { prepare: update, after: 'failed' },
  IMPORT_ROLLBACK_COMPLETE: { prepare: update, after: 'failed' },

  REVIEW_IN_PROGRESS: { prepare: () => ({ step: 'discard-change-sets' }), after: 'stale' },

  CREATE_FAILED: { prepare: () => ({ step: 'roll-back' }), after: 'failed' },
  UPDATE_FAILED: { prepare: () => ({ step: 'roll-back' }), after: 'failed' },
  UPDATE_ROLLBACK_FAILED: { prepare: () => ({ step: 'continue-rollback' }), after: 'failed' },
  ROLLBACK_COMPLETE: { prepare: remove, after: 'failed' },
  ROLLBACK_FAILED: { prepare: removeIfAllowed, after: 'failed' },

  DELETE_FAILED: { prepare: ({ name }) => refuse(refusals.deleteFailed(name)), after: 'failed' },
  IMPORT_ROLLBACK_FAILED: { prepare: ({ name }) => refuse(refusals.importRollbackFailed(name)), after: 'failed' },
};

/** The next step towards a state from which the stack can be deployed. Total: every state has an answer. */
export function prepareStack(stack: StackToPrepare, context: PreparationContext): PreparationStep {
  return TABLE[stack.state].prepare(stack, context);
}

/** What a state says about the deployment we started. Only three are success; UPDATE_ROLLBACK_COMPLETE is none. */
export function judgeOutcome(state: StackState): Outcome {
  return TABLE[state].after;
}

/** True while CloudFormation works on the stack, so that no operation but a cancel may be started. */
export const isMoving = (state: StackState): boolean => TABLE[state].after === 'moving';

/**
 * Names of change sets that only our own tools make: the plan's (`gitops-diff-*`), ours of a deployment (`gitops-*`)
 * and the ones of the CDK, which a killed process may have left behind.
 */
export const isOwnChangeSet = (name: string): boolean =>
  /^gitops-/.test(name) || /^cdk-(deploy|diff)-change-set/.test(name);
