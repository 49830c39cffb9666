/**
 * CDK's function that empties a VPC's default security group, made to follow the rules of everything else. It is a
 * generic resource: tags pass it by, and its log group would be made by Lambda and outlive the stack.
 */
import { CfnResource, type Stack } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ManagedLogGroup } from './managed-log-group.ts';

/** Where CDK puts it: core's CustomResourceProvider, under the type of the resource. */
const PROVIDER = 'Custom::VpcRestrictDefaultSGCustomResourceProvider';

export interface DefaultGroupFunctionProps {
  readonly logGroupName: string;
  readonly logRetentionDays: RetentionDays;
}

/** To be called after the VPC is made in `stack`. */
export function adoptDefaultGroupFunction(stack: Stack, props: DefaultGroupFunctionProps): void {
  const logGroup = new ManagedLogGroup(stack, 'DefaultGroupLogs', {
    logGroupName: props.logGroupName,
    retentionDays: props.logRetentionDays,
  });
  const provider = stack.node.findChild(PROVIDER);
  for (const id of ['Role', 'Handler'])
    generic(provider.node.findChild(id)).addPropertyOverride('Tags', tagList(stack));
  generic(provider.node.findChild('Handler')).addPropertyOverride('LoggingConfig.LogGroup', logGroup.logGroupName);
}

function generic(child: unknown): CfnResource {
  if (child instanceof CfnResource) return child;
  throw new TypeError(`${PROVIDER} is no longer made of generic resources: see whether this is still needed.`);
}

/** The stack's own tags, in the form and order CDK writes them. */
const tagList = (stack: Stack) =>
  Object.entries(stack.tags.tagValues())
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((one, other) => (one.Key < other.Key ? -1 : 1));
