/** Holds our list of stack statuses and the SDK's together: when AWS adds one, this file no longer compiles. */
import type { StackStatus as SdkStackStatus } from '@aws-sdk/client-cloudformation';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { STACK_STATUSES, type StackStatus } from '../../core/stacks/status.ts';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** A type error here means: a status was added to the SDK, so decide in `core/stacks/status.ts` what it allows. */
const statusesAreTheSdks: Same<StackStatus, SdkStackStatus> = true;

/** Thrown when CloudFormation reports a status that was unknown when this was built. */
export class UnknownStackStatusError extends GitOpsError {
  constructor(stackName: string, status: string) {
    super(
      `${stackName} is in ${status}, a stack status this version does not know. Nothing was done to it: ` +
        'update @aws-sdk/client-cloudformation and decide in scripts/core/stacks/status.ts what it allows.',
      { code: 'UNKNOWN_STACK_STATUS', source: 'internal', exitCode: EXIT.failed },
    );
  }
}

/** @throws UnknownStackStatusError for a status that is not in the table: no guess */
export function readStatus(stackName: string, status: string | undefined): StackStatus {
  const known = statusesAreTheSdks && STACK_STATUSES.find((each) => each === status);
  if (known) return known;
  throw new UnknownStackStatusError(stackName, status ?? 'no status at all');
}
