/** Change sets: made for a new or an existing stack, described over pages, executed, deleted. */
import type { ChangeSetSummary, StackStatus } from '@aws-sdk/client-cloudformation';
import { changesBetween } from './changes.ts';
import { type Handlers, isRepeated, page, required, stackOf, stackToRead } from './handlers.ts';
import { begin, enter, resourcesOf, takeOutcome } from './movement.ts';
import { newStack } from './new-stack.ts';
import { refuse } from './refusals.ts';
import type { FakeChangeSet, FakeStack, FakeTemplate, World } from './world.ts';

/** Where an update may start. From a failure that was kept for diagnosis, only without rollback: see ExecuteChangeSet. */
const UPDATABLE: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_FAILED',
];
const PAUSED: readonly StackStatus[] = ['CREATE_FAILED', 'UPDATE_FAILED'];
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export const changeSetHandlers: Pick<
  Handlers,
  'CreateChangeSet' | 'DescribeChangeSet' | 'ListChangeSets' | 'ExecuteChangeSet' | 'DeleteChangeSet'
> = {
  CreateChangeSet(world, input) {
    const name = required(input.ChangeSetName, 'changeSetName');
    const type = input.ChangeSetType ?? 'UPDATE';
    const stack =
      type === 'CREATE'
        ? stackToCreate(world, required(input.StackName, 'stackName'), name)
        : stackOf(world, input.StackName);
    if (type !== 'CREATE' && !UPDATABLE.includes(stack.status)) throw refuse.notUpdatable(stack.id, stack.status);
    if (stack.changeSets.some((other) => other.name === name)) throw refuse.changeSetExists(name);
    const body = input.UsePreviousTemplate === true ? stack.body : (input.TemplateBody ?? '{}');
    const changeSet: FakeChangeSet = {
      name,
      id: world.arn('changeSet', name),
      type,
      body,
      template: JSON.parse(body) as FakeTemplate,
      parameters: input.Parameters ?? [],
      tags: input.Tags ?? [],
      onStackFailure: input.OnStackFailure,
      description: input.Description,
      creationTime: world.now(),
      status: 'CREATE_PENDING',
      executionStatus: 'UNAVAILABLE',
      changes: [],
      pollsLeft: takeOutcome(stack, 'CreateChangeSet').polls ?? 1,
    };
    stack.changeSets.push(changeSet);
    return { Id: changeSet.id, StackId: stack.id };
  },

  DescribeChangeSet(world, { ChangeSetName, StackName, NextToken, IncludePropertyValues }) {
    const [stack, changeSet] = changeSetOf(world, ChangeSetName, StackName);
    const { items, ...rest } = page(changeSet.changes, NextToken, world.pageSize);
    const answer = {
      ...summarise(stack, changeSet),
      Parameters: changeSet.parameters,
      Tags: changeSet.tags,
      Changes: IncludePropertyValues === true ? items : items.map(withoutValues),
      ...rest,
    };
    lookAt(stack, changeSet);
    return answer;
  },

  ListChangeSets(world, { StackName, NextToken }) {
    const stack = stackToRead(world, StackName);
    const { items, ...rest } = page(stack.changeSets, NextToken, world.pageSize);
    return { Summaries: items.map((changeSet) => summarise(stack, changeSet)), ...rest };
  },

  ExecuteChangeSet(world, { ChangeSetName, StackName, DisableRollback, ClientRequestToken }) {
    const repeated = executedBefore(world, StackName, ClientRequestToken);
    if (repeated) return {};
    const [stack, changeSet] = changeSetOf(world, ChangeSetName, StackName);
    if (changeSet.status !== 'CREATE_COMPLETE') throw refuse.notExecutable(changeSet.id, changeSet.status);
    if (changeSet.executionStatus !== 'AVAILABLE') throw refuse.obsolete(changeSet.id, changeSet.executionStatus);
    const startable = changeSet.type === 'CREATE' ? ['REVIEW_IN_PROGRESS'] : UPDATABLE;
    if (!startable.includes(stack.status)) throw refuse.notUpdatable(stack.id, stack.status);
    if (PAUSED.includes(stack.status) && DisableRollback !== true) throw refuse.pausedAtFailure(stack.status);
    isRepeated(stack, 'ExecuteChangeSet', ClientRequestToken);
    execute(world, stack, changeSet, ClientRequestToken);
    return {};
  },

  DeleteChangeSet(world, { ChangeSetName, StackName }) {
    const name = required(ChangeSetName, 'changeSetName');
    const stack = StackName === undefined ? ownerOf(world, name) : stackOf(world, StackName);
    const changeSet = stack?.changeSets.find((each) => each.name === name || each.id === name);
    // Deleting what is not there succeeds.
    if (stack === undefined || changeSet === undefined) return {};
    if (changeSet.status === 'CREATE_PENDING' || changeSet.status === 'CREATE_IN_PROGRESS') {
      throw refuse.changeSetNotDeletable(changeSet.id, changeSet.status);
    }
    stack.changeSets = stack.changeSets.filter((each) => each !== changeSet);
    return {};
  },
};

/** A change set may create a stack that is not there, or join others on one that waits for its first execution. */
function stackToCreate(world: World, stackName: string, changeSetName: string): FakeStack {
  const present = world.find(stackName);
  if (present?.status === 'REVIEW_IN_PROGRESS') return present;
  if (present !== undefined) throw refuse.stackExists(stackName, changeSetName);
  const stack = newStack(world, stackName);
  enter(world, stack, { status: 'REVIEW_IN_PROGRESS', reason: 'User Initiated', polls: 'until-told' });
  world.stacks.push(stack);
  return stack;
}

const ownerOf = (world: World, changeSetId: string): FakeStack | undefined => {
  if (!changeSetId.startsWith('arn:')) throw refuse.stackNameNeeded();
  return world.stacks.find(({ changeSets }) => changeSets.some(({ id }) => id === changeSetId));
};

function changeSetOf(
  world: World,
  name: string | undefined,
  stackName: string | undefined,
): [FakeStack, FakeChangeSet] {
  const changeSetName = required(name, 'changeSetName');
  const stack = stackName === undefined ? ownerOf(world, changeSetName) : stackOf(world, stackName);
  const changeSet = stack?.changeSets.find((each) => each.name === changeSetName || each.id === changeSetName);
  if (stack === undefined || changeSet === undefined) throw refuse.unknownChangeSet(changeSetName);
  return [stack, changeSet];
}

const executedBefore = (world: World, stackName: string | undefined, token: string | undefined): boolean => {
  const stack = stackName === undefined ? undefined : world.find(stackName);
  return token !== undefined && stack?.tokens.get(token) === 'ExecuteChangeSet';
};

/** A look lets a change set that is being made come a step further: pending, in progress, made. */
function lookAt(stack: FakeStack, changeSet: FakeChangeSet): void {
  if (changeSet.pollsLeft === 'until-told' || !/PENDING|IN_PROGRESS/.test(changeSet.status)) return;
  changeSet.pollsLeft -= 1;
  if (changeSet.pollsLeft > 0) changeSet.status = 'CREATE_IN_PROGRESS';
  else finish(stack, changeSet);
}

/** What becomes of a change set once CloudFormation has looked at it. */
export function finish(stack: FakeStack, changeSet: FakeChangeSet): void {
  const { failing } = takeOutcome(stack, 'DescribeChangeSet');
  if (changeSet.changes.length === 0) changeSet.changes = changesBetween(stack, changeSet);
  const reason =
    failing?.reason ?? (changeSet.changes.length === 0 && sameSettings(stack, changeSet) ? NO_CHANGES : undefined);
  changeSet.status = reason === undefined ? 'CREATE_COMPLETE' : 'FAILED';
  changeSet.executionStatus = reason === undefined ? 'AVAILABLE' : 'UNAVAILABLE';
  changeSet.reason = reason;
}

/** Executing one removes the others of the stack. */
function execute(world: World, stack: FakeStack, changeSet: FakeChangeSet, token: string | undefined): void {
  const { body, template, parameters, tags } = stack;
  const creating = changeSet.type === 'CREATE';
  stack.before = creating ? undefined : { body, template, parameters, tags };
  stack.body = changeSet.body;
  stack.template = changeSet.template;
  stack.parameters = changeSet.parameters;
  stack.tags = changeSet.tags;
  stack.resources = resourcesOf(stack.template, stack);
  stack.changeSets = [];
  stack.driftStatus = 'NOT_CHECKED';
  if (!creating) stack.lastUpdatedTime = world.now();
  begin(world, stack, creating ? 'CreateStack' : 'UpdateStack', takeOutcome(stack, 'ExecuteChangeSet'), token);
}

const sameSettings = (stack: FakeStack, changeSet: FakeChangeSet): boolean =>
  stack.status !== 'REVIEW_IN_PROGRESS' &&
  JSON.stringify([stack.parameters, stack.tags, stack.template]) ===
    JSON.stringify([changeSet.parameters, changeSet.tags, changeSet.template]);

const summarise = (stack: FakeStack, changeSet: FakeChangeSet): ChangeSetSummary => ({
  StackId: stack.id,
  StackName: stack.name,
  ChangeSetId: changeSet.id,
  ChangeSetName: changeSet.name,
  Description: changeSet.description,
  CreationTime: changeSet.creationTime,
  Status: changeSet.status,
  ExecutionStatus: changeSet.executionStatus,
  StatusReason: changeSet.reason,
});

/** Without IncludePropertyValues the service leaves out what the properties were and will be. */
function withoutValues(change: FakeChangeSet['changes'][number]): FakeChangeSet['changes'][number] {
  if (change.ResourceChange === undefined) return change;
  const { BeforeContext: _before, AfterContext: _after, ...rest } = change.ResourceChange;
  return { ...change, ResourceChange: rest };
}
