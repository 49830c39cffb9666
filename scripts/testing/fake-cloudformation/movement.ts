/**
 * How a stack moves from status to status: the path each operation takes, one step per so many looks at the stack.
 *
 * Why looks and not time: a test then decides how often a program must poll, and waits for nothing.
 */
import type { ResourceStatus, StackEvent, StackStatus } from '@aws-sdk/client-cloudformation';
import type { OperationName } from './operations.ts';
import type { FakeStack, FakeTemplate, Outcome, Polls, Step, World } from './world.ts';

/** Operations that set a stack in motion. ExecuteChangeSet creates or updates. */
export type Moving = 'CreateStack' | 'UpdateStack' | 'UpdateRollback' | 'CreateRollback' | 'DeleteStack';

const UPDATE_ROLLBACK: readonly StackStatus[] = [
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
];

/** Every way an operation can go, by the status it ends in; the first one is the good one. */
const PATHS: Readonly<Record<Moving, Partial<Record<StackStatus, readonly StackStatus[]>>>> = {
  CreateStack: {
    CREATE_COMPLETE: ['CREATE_IN_PROGRESS'],
    CREATE_FAILED: ['CREATE_IN_PROGRESS'],
    ROLLBACK_COMPLETE: ['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'],
    ROLLBACK_FAILED: ['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'],
    DELETE_COMPLETE: ['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  },
  UpdateStack: {
    UPDATE_COMPLETE: ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'],
    UPDATE_FAILED: ['UPDATE_IN_PROGRESS'],
    UPDATE_ROLLBACK_COMPLETE: ['UPDATE_IN_PROGRESS', ...UPDATE_ROLLBACK],
    UPDATE_ROLLBACK_FAILED: ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'],
  },
  UpdateRollback: {
    UPDATE_ROLLBACK_COMPLETE: UPDATE_ROLLBACK,
    UPDATE_ROLLBACK_FAILED: ['UPDATE_ROLLBACK_IN_PROGRESS'],
  },
  CreateRollback: {
    ROLLBACK_COMPLETE: ['ROLLBACK_IN_PROGRESS'],
    ROLLBACK_FAILED: ['ROLLBACK_IN_PROGRESS'],
    DELETE_COMPLETE: ['ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  },
  DeleteStack: {
    DELETE_COMPLETE: ['DELETE_IN_PROGRESS'],
    DELETE_FAILED: ['DELETE_IN_PROGRESS'],
  },
};

/** Where a stack that was placed in the middle of something goes when nobody scripts it. */
export const NATURAL_ENDS: Partial<Record<StackStatus, readonly StackStatus[]>> = {
  CREATE_IN_PROGRESS: ['CREATE_COMPLETE'],
  ROLLBACK_IN_PROGRESS: ['ROLLBACK_COMPLETE'],
  DELETE_IN_PROGRESS: ['DELETE_COMPLETE'],
  UPDATE_IN_PROGRESS: ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: ['UPDATE_COMPLETE'],
  UPDATE_ROLLBACK_IN_PROGRESS: ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: ['UPDATE_ROLLBACK_COMPLETE'],
  IMPORT_IN_PROGRESS: ['IMPORT_COMPLETE'],
  IMPORT_ROLLBACK_IN_PROGRESS: ['IMPORT_ROLLBACK_COMPLETE'],
};

/** True while CloudFormation works on the stack. REVIEW_IN_PROGRESS is a stack at rest, despite its name. */
export const isBusy = (status: StackStatus): boolean =>
  status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';

/** The outcome scripted for the next call of an operation, used up by this. */
export function takeOutcome(stack: FakeStack, operation: OperationName): Outcome {
  return stack.script.get(operation)?.shift() ?? {};
}

/**
 * Starts a movement.
 * @throws Error when the test scripted an end to which this operation can't lead
 */
export function begin(world: World, stack: FakeStack, moving: Moving, outcome: Outcome, token?: string): void {
  const paths = PATHS[moving];
  const ends = outcome.ends ?? (Object.keys(paths)[0] as StackStatus);
  const way = paths[ends];
  if (way === undefined) throw new Error(`The script is wrong: ${moving} of ${stack.name} can't end in ${ends}`);
  const polls = outcome.polls ?? 1;
  stack.path = [...way, ends].map((status, index) => ({
    status,
    polls,
    ...(index === 0 ? { reason: 'User Initiated' } : reasonOf(status, outcome)),
  }));
  advance(world, stack, token);
  if (outcome.failing !== undefined) recordFailure(world, stack, outcome.failing);
}

function reasonOf(status: StackStatus, { failing }: Outcome): { reason?: string } {
  const failed = failing !== undefined && /(ROLLBACK_IN_PROGRESS|FAILED)$/.test(status);
  return failed ? { reason: `The following resource(s) failed: [${failing.logicalId}]. ` } : {};
}

/** One step on. A stack without a path stays where it is. */
export function advance(world: World, stack: FakeStack, token?: string): void {
  const [next, ...rest] = stack.path;
  if (next === undefined) return;
  stack.path = rest;
  enter(world, stack, next, token);
}

/** A look at the stack: it uses up one of the status's polls, and the last one lets the stack go on. */
export function look(world: World, stack: FakeStack): void {
  if (stack.path.length === 0 || stack.pollsLeft === 'until-told') return;
  stack.pollsLeft -= 1;
  if (stack.pollsLeft <= 0) advance(world, stack);
}

/** Puts the stack in a status, with all that comes with it: its event, its template, its resources. */
export function enter(world: World, stack: FakeStack, step: Step, token?: string): void {
  stack.status = step.status;
  stack.reason = step.reason;
  stack.pollsLeft = step.polls;
  addEvent(world, stack, { logicalId: stack.name, status: step.status, reason: step.reason, token });
  if (step.status === 'UPDATE_ROLLBACK_IN_PROGRESS' && stack.before !== undefined) {
    Object.assign(stack, stack.before);
    stack.before = undefined;
    stack.resources = resourcesOf(stack.template, stack);
  }
  if (step.status === 'ROLLBACK_COMPLETE' || step.status === 'DELETE_COMPLETE') stack.resources = [];
  if (step.status === 'DELETE_COMPLETE') stack.deletionTime = world.now();
}

export interface EventFacts {
  readonly logicalId: string;
  readonly status: string;
  readonly type?: string;
  /** That of the resource of this logical id when left out. */
  readonly physicalId?: string;
  readonly reason?: string;
  readonly token?: string;
}

/** A new event, newest first. Without a type it is about the stack itself. */
export function addEvent(world: World, stack: FakeStack, facts: EventFacts): void {
  const resource = stack.resources.find(({ logicalId }) => logicalId === facts.logicalId);
  const itself = facts.type === undefined;
  const event: StackEvent = {
    StackId: stack.id,
    StackName: stack.name,
    EventId: world.newId(),
    LogicalResourceId: facts.logicalId,
    PhysicalResourceId: itself ? stack.id : (facts.physicalId ?? resource?.physicalId),
    ResourceType: itself ? 'AWS::CloudFormation::Stack' : facts.type,
    // Stack events carry a stack status in a field the model calls a resource status.
    ResourceStatus: facts.status as ResourceStatus,
    ResourceStatusReason: facts.reason,
    ClientRequestToken: facts.token,
    Timestamp: world.now(),
  };
  stack.events.unshift(event);
}

/** The event of the resource at which an operation fails, and of one that was stopped because of it. */
function recordFailure(world: World, stack: FakeStack, failing: NonNullable<Outcome['failing']>): void {
  const kind = { C: 'CREATE', D: 'DELETE', R: 'DELETE' }[stack.status.charAt(0)] ?? 'UPDATE';
  const known = stack.resources.find(({ logicalId }) => logicalId === failing.logicalId);
  const type = failing.type ?? known?.type ?? 'AWS::CloudFormation::WaitCondition';
  addEvent(world, stack, { logicalId: failing.logicalId, type, status: `${kind}_FAILED`, reason: failing.reason });
  const other = stack.resources.find(({ logicalId }) => logicalId !== failing.logicalId);
  if (other === undefined || kind === 'DELETE') return;
  const cancelled = `Resource ${kind === 'CREATE' ? 'creation' : 'update'} cancelled`;
  addEvent(world, stack, { logicalId: other.logicalId, type: other.type, status: `${kind}_FAILED`, reason: cancelled });
}

/** The resources a template makes; those that were there before keep their drift. */
export function resourcesOf(
  template: FakeTemplate,
  stack: Pick<FakeStack, 'name' | 'resources'>,
): FakeStack['resources'] {
  return Object.entries(template.Resources ?? {}).map(([logicalId, { Type }]) => {
    const before = stack.resources.find((resource) => resource.logicalId === logicalId && resource.type === Type);
    return (
      before ?? {
        logicalId,
        physicalId: `${stack.name}-${logicalId}`,
        type: Type,
        status: 'CREATE_COMPLETE',
        found: 'NOT_CHECKED',
      }
    );
  });
}

/** The rest of the way at once. */
export function settle(world: World, stack: FakeStack): void {
  while (stack.path.length > 0) advance(world, stack);
}

/** The way a placed stack goes: through the statuses given, each as long. */
export const wayThrough = (statuses: readonly StackStatus[], polls: Polls): Step[] =>
  statuses.map((status) => ({ status, polls }));
