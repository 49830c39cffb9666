/** Reads of stacks: description, lists, events, resources, templates. A description is a look that lets a stack go on. */
import type { Stack, StackSummary } from '@aws-sdk/client-cloudformation';
import { type Handlers, page, required, stackOf, stackToRead } from './handlers.ts';
import { look } from './movement.ts';
import { refuse } from './refusals.ts';
import type { FakeResource, FakeStack } from './world.ts';

export const readHandlers: Pick<
  Handlers,
  | 'DescribeStacks'
  | 'ListStacks'
  | 'DescribeStackEvents'
  | 'DescribeStackResources'
  | 'ListStackResources'
  | 'GetTemplate'
> = {
  DescribeStacks(world, { StackName, NextToken }) {
    if (StackName !== undefined) {
      const stack = stackToRead(world, StackName);
      const answer = describe(stack);
      look(world, stack);
      return { Stacks: [answer] };
    }
    const present = world.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE');
    const { items, ...rest } = page(present, NextToken, world.pageSize);
    const answer = items.map(describe);
    for (const stack of items) look(world, stack);
    return { Stacks: answer, ...rest };
  },

  ListStacks(world, { StackStatusFilter, NextToken }) {
    const chosen = world.stacks.filter(
      ({ status }) => StackStatusFilter === undefined || StackStatusFilter.includes(status),
    );
    const { items, ...rest } = page(chosen, NextToken, world.pageSize);
    return { StackSummaries: items.map(summarise), ...rest };
  },

  DescribeStackEvents(world, { StackName, NextToken }) {
    const { items, ...rest } = page(stackOf(world, StackName).events, NextToken, world.pageSize);
    return { StackEvents: items, ...rest };
  },

  DescribeStackResources(world, { StackName, LogicalResourceId }) {
    const stack = stackToRead(world, StackName);
    const chosen = stack.resources.filter(
      ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
    );
    return {
      StackResources: chosen.map((resource) => ({
        StackName: stack.name,
        StackId: stack.id,
        Timestamp: stack.lastUpdatedTime ?? stack.creationTime,
        ...common(resource),
      })),
    };
  },

  ListStackResources(world, { StackName, NextToken }) {
    const stack = stackToRead(world, StackName);
    const { items, ...rest } = page(stack.resources, NextToken, world.pageSize);
    return {
      StackResourceSummaries: items.map((resource) => ({
        LastUpdatedTimestamp: stack.lastUpdatedTime ?? stack.creationTime,
        ...common(resource),
      })),
      ...rest,
    };
  },

  GetTemplate(world, { StackName, ChangeSetName }) {
    const stack = stackToRead(world, StackName);
    if (ChangeSetName === undefined) return { TemplateBody: stack.body, StagesAvailable: ['Original', 'Processed'] };
    const changeSet = stack.changeSets.find(({ name, id }) => name === ChangeSetName || id === ChangeSetName);
    if (changeSet === undefined) throw refuse.unknownChangeSet(required(ChangeSetName, 'changeSetName'));
    return { TemplateBody: changeSet.body, StagesAvailable: ['Original', 'Processed'] };
  },
};

function describe(stack: FakeStack): Stack {
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    CreationTime: stack.creationTime,
    LastUpdatedTime: stack.lastUpdatedTime,
    DeletionTime: stack.deletionTime,
    Parameters: stack.parameters,
    Tags: stack.tags,
    Outputs: stack.outputs,
    EnableTerminationProtection: stack.terminationProtection,
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: [],
    DriftInformation: { StackDriftStatus: stack.driftStatus },
  };
}

function summarise(stack: FakeStack): StackSummary {
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    CreationTime: stack.creationTime,
    LastUpdatedTime: stack.lastUpdatedTime,
    DeletionTime: stack.deletionTime,
    DriftInformation: { StackDriftStatus: stack.driftStatus },
  };
}

const common = (resource: FakeResource) => ({
  LogicalResourceId: resource.logicalId,
  PhysicalResourceId: resource.physicalId,
  ResourceType: resource.type,
  ResourceStatus: resource.status,
  ResourceStatusReason: resource.reason,
  DriftInformation: { StackResourceDriftStatus: resource.found },
});
