/**
 * The most a role of an environment's stacks can ever do, whatever its policies say: what running orders takes. A pull
 * request that gives a role more gets less than it says; what is missing here an administrator adds, by `bootstrap`.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CUSTOMER_INDEX } from '../../environments/naming.ts';

export interface AccountPlace {
  readonly partition: string;
  readonly account: string;
}

export function boundaryStatements({ partition, account }: AccountPlace): PolicyStatement[] {
  const arn = (service: string, resource: string): string => `arn:${partition}:${service}:*:${account}:${resource}`;
  return [
    new PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [arn('logs', 'log-group:*')],
    }),
    new PolicyStatement({
      sid: 'Trace',
      actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'ManageNetworkInterfaces',
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'CloseDefaultGroup',
      actions: ['ec2:AuthorizeSecurityGroup*', 'ec2:RevokeSecurityGroup*'],
      resources: [arn('ec2', 'security-group/*')],
    }),
    new PolicyStatement({
      sid: 'WorkOnOrders',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      resources: [arn('dynamodb', 'table/orders-*'), arn('dynamodb', `table/orders-*/index/${CUSTOMER_INDEX}`)],
    }),
    new PolicyStatement({
      sid: 'PassOrdersOn',
      actions: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      resources: [arn('sqs', 'order-queue-*')],
    }),
    new PolicyStatement({
      sid: 'WriteTrades',
      actions: ['s3:PutObject'],
      resources: [`arn:${partition}:s3:::trade-data-*/trades/*`],
    }),
  ];
}

/** Why the statements above name no single resource, by their Sid. */
export const BOUNDARY_REASONS: Readonly<Record<string, string>> = {
  WriteLogs: 'A boundary gives nothing: it holds for the roles of all environments.',
  Trace: 'X-Ray knows no resources to name.',
  ManageNetworkInterfaces: 'Lambda asks for it on every resource; each function’s own policy takes it from its code.',
  CloseDefaultGroup: 'A boundary gives nothing: the role that has it names one group.',
  WorkOnOrders: 'A boundary gives nothing: each role names its own table.',
  PassOrdersOn: 'A boundary gives nothing: each role names its own queue.',
  WriteTrades: 'A boundary gives nothing: each role names its own bucket.',
};
