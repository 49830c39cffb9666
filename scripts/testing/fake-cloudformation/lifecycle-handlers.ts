/** Operations on whole stacks: cancel, continue, roll back, delete, protect. Each legal only from some statuses. */
import type { StackStatus } from '@aws-sdk/client-cloudformation';
import { type Handlers, isRepeated, required, stackOf } from './handlers.ts';
import { begin, isBusy, takeOutcome } from './movement.ts';
import { refuse } from './refusals.ts';

/** A creation may be cut short by a deletion, and a deletion asked for twice; any other movement must end first. */
const DELETABLE_WHILE_BUSY: readonly StackStatus[] = ['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'];

export const lifecycleHandlers: Pick<
  Handlers,
  'CancelUpdateStack' | 'ContinueUpdateRollback' | 'RollbackStack' | 'DeleteStack' | 'UpdateTerminationProtection'
> = {
  CancelUpdateStack(world, { StackName, ClientRequestToken }) {
    const stack = stackOf(world, StackName);
    if (isRepeated(stack, 'CancelUpdateStack', ClientRequestToken)) return {};
    if (stack.status !== 'UPDATE_IN_PROGRESS') throw refuse.notCancellable();
    begin(world, stack, 'UpdateRollback', takeOutcome(stack, 'CancelUpdateStack'), ClientRequestToken);
    return {};
  },

  ContinueUpdateRollback(world, { StackName, ClientRequestToken }) {
    const stack = stackOf(world, StackName);
    if (isRepeated(stack, 'ContinueUpdateRollback', ClientRequestToken)) return {};
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') throw refuse.notContinuable(stack.id, stack.status);
    begin(world, stack, 'UpdateRollback', takeOutcome(stack, 'ContinueUpdateRollback'), ClientRequestToken);
    return {};
  },

  RollbackStack(world, { StackName, ClientRequestToken }) {
    const stack = stackOf(world, StackName);
    if (isRepeated(stack, 'RollbackStack', ClientRequestToken)) return { StackId: stack.id };
    if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED') {
      throw refuse.notRollbackable(stack.id, stack.status);
    }
    const moving = stack.status === 'CREATE_FAILED' ? 'CreateRollback' : 'UpdateRollback';
    begin(world, stack, moving, takeOutcome(stack, 'RollbackStack'), ClientRequestToken);
    return { StackId: stack.id };
  },

  DeleteStack(world, { StackName, ClientRequestToken }) {
    // A stack that is not there is as good as deleted: the service says nothing.
    const stack = world.find(required(StackName, 'stackName'));
    if (stack === undefined || isRepeated(stack, 'DeleteStack', ClientRequestToken)) return {};
    if (stack.terminationProtection) throw refuse.terminationProtected(stack.name);
    if (stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {};
    if (isBusy(stack.status) && !DELETABLE_WHILE_BUSY.includes(stack.status)) {
      throw refuse.notDeletable(stack.name, stack.status);
    }
    begin(world, stack, 'DeleteStack', takeOutcome(stack, 'DeleteStack'), ClientRequestToken);
    return {};
  },

  UpdateTerminationProtection(world, { StackName, EnableTerminationProtection }) {
    const stack = stackOf(world, StackName);
    stack.terminationProtection = required(EnableTerminationProtection, 'enableTerminationProtection');
    return { StackId: stack.id };
  },
};
