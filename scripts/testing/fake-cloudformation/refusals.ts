/**
 * What CloudFormation answers to an illegal call, word for word where the words are known.
 *
 * Source of the words: answers of the service quoted in public issues and test suites recorded against it. The texts of
 * ContinueUpdateRollback and RollbackStack are not documented and were not found quoted; theirs follow the others'
 * form, so no code may depend on more than the error's code.
 */
import type { StackStatus } from '@aws-sdk/client-cloudformation';
import { ServiceError } from './service-error.ts';

const validation = (message: string): ServiceError => new ServiceError('ValidationError', message);

export const refuse = {
  missingParameter: (name: string) =>
    validation(
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    ),
  /** Reads name it "with id"; operations do not. */
  unknownStackOnRead: (name: string) => validation(`Stack with id ${name} does not exist`),
  unknownStack: (name: string) => validation(`Stack [${name}] does not exist`),
  badToken: () => validation('Invalid token'),

  notCancellable: () => validation('CancelUpdateStack cannot be called from current stack status'),
  notContinuable: (id: string, status: StackStatus) =>
    validation(`Stack:${id} is in ${status} state and can not continue to rollback its update.`),
  notRollbackable: (id: string, status: StackStatus) =>
    validation(`Stack:${id} is in ${status} state and can not be rolled back.`),
  notUpdatable: (id: string, status: StackStatus) =>
    validation(`Stack:${id} is in ${status} state and can not be updated.`),
  pausedAtFailure: (status: StackStatus) =>
    validation(
      `This stack is currently in a non-terminal [${status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
    ),
  notDeletable: (name: string, status: StackStatus) =>
    validation(`Stack [${name}] cannot be deleted while in status ${status}`),
  terminationProtected: (name: string) =>
    validation(`Stack [${name}] cannot be deleted while TerminationProtection is enabled`),

  stackExists: (name: string, changeSet: string) =>
    validation(`Stack [${name}] already exists and cannot be created again with the changeSet [${changeSet}].`),
  changeSetExists: (name: string) => new ServiceError('AlreadyExistsException', `ChangeSet [${name}] already exists`),
  unknownChangeSet: (name: string) => new ServiceError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404),
  notExecutable: (id: string, status: string) =>
    new ServiceError(
      'InvalidChangeSetStatus',
      `ChangeSet [${id}] cannot be executed in its current status of [${status}]`,
    ),
  obsolete: (id: string, status: string) =>
    new ServiceError(
      'InvalidChangeSetStatus',
      `ChangeSet [${id}] cannot be executed in its current execution status of [${status}]`,
    ),
  changeSetNotDeletable: (id: string, status: string) =>
    new ServiceError(
      'InvalidChangeSetStatus',
      `ChangeSet [${id}] cannot be deleted in its current status of [${status}]`,
    ),
  stackNameNeeded: () => validation('StackName must be specified if ChangeSetName is not specified as an ARN.'),

  notDriftCheckable: (id: string, status: StackStatus) =>
    validation(`Drift detection cannot be performed on stack [${id}] while it is in [${status}] state`),
  driftRunning: (id: string) => validation(`Drift detection is already in progress for stack [${id}]`),
  unknownDetection: (id: string) => validation(`No drift detection found with id ${id}`),

  tokenReused: (token: string) =>
    new ServiceError('TokenAlreadyExistsException', `ClientRequestToken [${token}] has already been used`),
} as const satisfies Record<string, (...facts: never[]) => ServiceError>;

/** What the service answers when it has too much or too little of something. */
export const trouble = {
  throttled: () => new ServiceError('Throttling', 'Rate exceeded'),
  unavailable: () => new ServiceError('ServiceUnavailable', 'Service is unavailable', 503),
} as const;
