/**
 * Why a stack can't be made ready for a deployment: what is so, why we stop, and what a person does about it. Pure.
 *
 * Why texts have a file of their own: they are read at night, next to each other, and tests hold every word of them.
 */

/** Stable codes, for machines. */
export type RefusalCode =
  | 'ROLLBACK_FAILED'
  | 'DELETE_FAILED'
  | 'IMPORT_ROLLBACK_FAILED'
  | 'STILL_MOVING'
  | 'OPERATION_FAILED_AGAIN'
  | 'TERMINATION_PROTECTION'
  | 'OPERATION_REFUSED'
  | 'NEVER_SETTLES';

export interface Refusal {
  readonly code: RefusalCode;
  readonly stackName: string;
  /** What is so. */
  readonly what: string;
  /** Why we do not mend it. */
  readonly why: string;
  /** What a person does, with the command. */
  readonly remedy: string;
}

/** The flag by which a person allows a stack whose creation and rollback failed to be deleted. */
export const RECREATE_FLAG = '--recreate-failed';

const seeEvents = (stackName: string): string => `aws cloudformation describe-stack-events --stack-name ${stackName}`;

/** One sentence each, in the order a person asks: what, why, what now. */
export const renderRefusal = ({ what, why, remedy }: Refusal): string => `${what} ${why} ${remedy}`;

export const refusals = {
  rollbackFailed: (stackName: string, stage: string): Refusal => ({
    code: 'ROLLBACK_FAILED',
    stackName,
    what: `${stackName} is in ROLLBACK_FAILED: its creation failed, and so did taking it back.`,
    why: `It can only be deleted and created anew, and in a ${stage} stage nobody deletes without being told to.`,
    remedy: `Look at what remains in it (aws cloudformation list-stack-resources --stack-name ${stackName}); if nothing in it is needed, run again with ${RECREATE_FLAG}.`,
  }),

  deleteFailed: (stackName: string): Refusal => ({
    code: 'DELETE_FAILED',
    stackName,
    what: `${stackName} is in DELETE_FAILED: it was to be deleted, and resources remain.`,
    why: 'It can be neither updated nor created while it is there, and whether what remains may go is not ours to decide.',
    remedy: `Find what stopped the deletion (${seeEvents(stackName)}), empty or release it, then: aws cloudformation delete-stack --stack-name ${stackName}. To keep a resource, add --retain-resources LOGICAL_ID.`,
  }),

  importRollbackFailed: (stackName: string): Refusal => ({
    code: 'IMPORT_ROLLBACK_FAILED',
    stackName,
    what: `${stackName} is in IMPORT_ROLLBACK_FAILED: an import of resources by hand failed, and so did taking it back.`,
    why: 'No operation of CloudFormation leads out of it without a choice about the imported resources.',
    remedy: `Find what stopped it (${seeEvents(stackName)}) and repeat or undo the import with the resources' owner.`,
  }),

  stillMoving: (stackName: string, status: string, waitedSeconds: number): Refusal => ({
    code: 'STILL_MOVING',
    stackName,
    what: `${stackName} is still in ${status} after ${waitedSeconds} s.`,
    why: 'CloudFormation works on it, and a second operation on a moving stack is refused or does harm.',
    remedy:
      status === 'UPDATE_IN_PROGRESS'
        ? `Follow it with ${seeEvents(stackName)} and run again when it has come to rest; npm run rollback cancels the update.`
        : `Follow it with ${seeEvents(stackName)} and run again when it has come to rest.`,
  }),

  failedAgain: (stackName: string, operation: string, status: string, cause: string): Refusal => ({
    code: 'OPERATION_FAILED_AGAIN',
    stackName,
    what: `${operation} left ${stackName} in ${status}: ${cause}.`,
    why: 'The same operation would fail the same way, and resources are never skipped without a person saying so.',
    remedy:
      status === 'UPDATE_ROLLBACK_FAILED'
        ? `Mend the resource named above and run again; or, knowing that CloudFormation then forgets its state: aws cloudformation continue-update-rollback --stack-name ${stackName} --resources-to-skip LOGICAL_ID.`
        : `Mend the cause named above (${seeEvents(stackName)}) and run again.`,
  }),

  terminationProtection: (stackName: string, status: string): Refusal => ({
    code: 'TERMINATION_PROTECTION',
    stackName,
    what: `${stackName} is in ${status} and would have to be deleted and created anew, but termination protection is on.`,
    why: 'Somebody switched it on to stop exactly this, so we do not switch it off.',
    remedy: `If the stack may go: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}, then run again.`,
  }),

  operationRefused: (stackName: string, operation: string, answer: string): Refusal => ({
    code: 'OPERATION_REFUSED',
    stackName,
    what: `CloudFormation refused ${operation} on ${stackName}: ${answer}`,
    why: 'Its status allows the operation, so the reason lies elsewhere, and trying again would not change it.',
    remedy: "Change what the answer names (permissions, a role, a hook, the stack's policy) and run again.",
  }),

  neverSettles: (stackName: string, status: string, rounds: number): Refusal => ({
    code: 'NEVER_SETTLES',
    stackName,
    what: `${stackName} changed under our hands ${rounds} times and is in ${status} now.`,
    why: 'Somebody else is working on it at the same time.',
    remedy: 'Find out who (CloudTrail names the caller of the last operations), agree, and run again.',
  }),
} as const;
