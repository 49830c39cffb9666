/** Says why an operation on a stack failed, from the stack's events. */
import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import {
  beginsOperation,
  type FailureCause,
  firstCause,
  type StackEventFacts,
} from '../../core/stacks/failure-cause.ts';

export interface EventsOf {
  /** Name, or id: a deleted stack has its events under its id only. */
  readonly stack: string;
  /** Leaves out what happened before. */
  readonly since?: Date;
  readonly signal?: AbortSignal;
}

/**
 * The events of the stack's last operation, newest first. Reads only as many pages as that takes: a stack keeps the
 * events of 90 days.
 */
export async function readLastOperation(client: CloudFormationClient, of: EventsOf): Promise<StackEventFacts[]> {
  const events: StackEventFacts[] = [];
  const pages = paginateDescribeStackEvents({ client }, { StackName: of.stack }, { abortSignal: of.signal });
  for await (const { StackEvents = [] } of pages) {
    for (const event of StackEvents) {
      if (of.since !== undefined && event.Timestamp !== undefined && event.Timestamp < of.since) return events;
      const facts = toFacts(event);
      events.push(facts);
      if (beginsOperation(facts)) return events;
    }
  }
  return events;
}

/** The first real cause of the last operation's failure; undefined when nothing in it failed. */
export async function findFailureCause(client: CloudFormationClient, of: EventsOf): Promise<FailureCause | undefined> {
  return firstCause(await readLastOperation(client, of));
}

const toFacts = (event: StackEvent): StackEventFacts => ({
  stackId: event.StackId ?? '',
  logicalId: event.LogicalResourceId ?? '',
  physicalId: event.PhysicalResourceId ?? '',
  type: event.ResourceType ?? '',
  status: event.ResourceStatus ?? '',
  reason: event.ResourceStatusReason ?? '',
  at: event.Timestamp?.toISOString() ?? '',
});
