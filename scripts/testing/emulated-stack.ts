/**
 * A small stack in an emulated account, from a template given in the test: made or updated, waited for, deleted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { TestAccount } from './emulator.ts';

export interface EmulatedStack {
  /** Creates the stack, or updates it to this template. Resolves to its outputs; rejects unless it completes. */
  put(resources: Record<string, unknown>, options?: PutOptions): Promise<Record<string, string>>;
  /** Deletes it and waits. Rejects unless everything of it is gone. */
  delete(): Promise<void>;
  /** The status now: `CREATE_COMPLETE`. */
  status(): Promise<string>;
}

export interface PutOptions {
  /** Values to answer with: `{ Id: { Ref: 'Bucket' } }`. */
  readonly outputs?: Record<string, unknown>;
  readonly parameters?: Record<string, unknown>;
  /** Stack tags, which reach every taggable resource. */
  readonly tags?: Record<string, string>;
}

const POLL_MS = 25;

/** Tags as `{ key: value }`, without those that CloudFormation adds. */
export function ownTags(tags: readonly { Key?: string; Value?: string }[] = []): Record<string, string> {
  const own = tags.filter(({ Key }) => !Key?.startsWith('aws:'));
  return Object.fromEntries(own.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function emulatedStack(account: TestAccount, name: string): EmulatedStack {
  const client = new CloudFormationClient(account.client);
  let stackId: string | undefined;

  const describe = async (): Promise<Stack> => {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackId ?? name }));
    if (stack === undefined) throw new Error(`no stack ${name}`);
    return stack;
  };
  const settle = async (wanted: string): Promise<Stack> => {
    for (;;) {
      const stack = await describe();
      if (stack.StackStatus === wanted) return stack;
      if (!stack.StackStatus?.endsWith('_IN_PROGRESS')) throw await failure(stack);
      await sleep(POLL_MS);
    }
  };
  const failure = async (stack: Stack): Promise<Error> => {
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stack.StackId }));
    const reasons = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('FAILED')).map(
      (event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`,
    );
    return new Error(`${name} is ${stack.StackStatus}: ${reasons.join('; ')}`);
  };

  return {
    async put(resources, { outputs = {}, parameters = {}, tags = {} } = {}) {
      const template = {
        Parameters: parameters,
        Resources: resources,
        Outputs: Object.fromEntries(Object.entries(outputs).map(([key, Value]) => [key, { Value }])),
      };
      const request = {
        StackName: name,
        TemplateBody: JSON.stringify(template),
        Capabilities: ['CAPABILITY_NAMED_IAM' as const],
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      };
      const exists = stackId !== undefined;
      const answer = await client.send(exists ? new UpdateStackCommand(request) : new CreateStackCommand(request));
      stackId = answer.StackId;
      const stack = await settle(exists ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE');
      return Object.fromEntries(
        (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      );
    },
    async delete() {
      await client.send(new DeleteStackCommand({ StackName: stackId ?? name }));
      await settle('DELETE_COMPLETE');
      stackId = undefined;
    },
    status: async () => (await describe()).StackStatus ?? '',
  };
}
