/**
 * What a merge can reach through CloudFormation: everything its stacks are made of, below the boundary, and nothing of what
 * decides who may merge and deploy.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Call } from '../testing/iam.ts';
import { SAMPLE, samplePipeline } from '../testing/pipeline-sample.ts';

const EXECUTION = 'gitops-cloudformation-execution';
const BOUNDARY = 'gitops-boundary';
const { account } = SAMPLE;
const { policies } = samplePipeline();

const arn = (service: string, resource: string): string => `arn:aws:${service}:eu-west-2:${account}:${resource}`;
const iam = (resource: string): string => `arn:aws:iam::${account}:${resource}`;
const stackRole = iam('role/trading-lambda-two-OrderIntakeRole-1');
const bounded = { 'iam:PermissionsBoundary': iam(`policy/${BOUNDARY}`) };
const passedTo = (service: string) => ({ 'iam:PassedToService': service });
const bucket = `arn:aws:s3:::trade-data-two-${account}-eu-west-2-an`;

type Row = readonly [
  why: string,
  expected: 'allowed' | 'denied',
  action: string,
  resource: string,
  context?: Call['context'],
];

const EXECUTION_ROWS: readonly Row[] = [
  ['makes a role below the boundary', 'allowed', 'iam:CreateRole', stackRole, bounded],
  ['makes none without it', 'denied', 'iam:CreateRole', stackRole],
  [
    'makes none below another',
    'denied',
    'iam:CreateRole',
    stackRole,
    { 'iam:PermissionsBoundary': iam('policy/mine') },
  ],
  ['gives it a policy', 'allowed', 'iam:PutRolePolicy', stackRole, bounded],
  ['gives none to a role above the boundary', 'denied', 'iam:PutRolePolicy', stackRole],
  ['takes no boundary off', 'denied', 'iam:DeleteRolePermissionsBoundary', stackRole, bounded],
  [
    'changes none',
    'denied',
    'iam:PutRolePermissionsBoundary',
    stackRole,
    { 'iam:PermissionsBoundary': iam('policy/mine') },
  ],
  ['makes no role of another name', 'denied', 'iam:CreateRole', iam('role/Administrator'), bounded],
  ['widens no deploy role', 'denied', 'iam:PutRolePolicy', iam('role/gitops-deploy-two'), bounded],
  ['lets no other job take it', 'denied', 'iam:UpdateAssumeRolePolicy', iam('role/gitops-deploy-two')],
  ['deletes none', 'denied', 'iam:DeleteRole', iam('role/gitops-read-two')],
  ['widens not the boundary', 'denied', 'iam:CreatePolicyVersion', iam(`policy/${BOUNDARY}`)],
  ['widens not itself', 'denied', 'iam:CreatePolicyVersion', iam(`policy/${EXECUTION}`)],
  ['makes no policy', 'denied', 'iam:CreatePolicy', iam('policy/mine')],
  [
    'changes no role of bootstrap',
    'denied',
    'iam:AttachRolePolicy',
    iam(`role/cdk-hnb659fds-cfn-exec-role-${account}-eu-west-2`),
    bounded,
  ],
  [
    'changes not the OIDC provider',
    'denied',
    'iam:AddClientIDToOpenIDConnectProvider',
    iam('oidc-provider/token.actions.githubusercontent.com'),
  ],
  ['makes no other provider', 'denied', 'iam:CreateOpenIDConnectProvider', iam('oidc-provider/evil.example.com')],
  ['makes no user', 'denied', 'iam:CreateUser', iam('user/trading-me'), bounded],
  ['hands a role to Lambda', 'allowed', 'iam:PassRole', stackRole, passedTo('lambda.amazonaws.com')],
  [
    'hands the shared role to API Gateway',
    'allowed',
    'iam:PassRole',
    iam('role/trading-api-logs'),
    passedTo('apigateway.amazonaws.com'),
  ],
  ['hands none to another service', 'denied', 'iam:PassRole', stackRole, passedTo('ec2.amazonaws.com')],
  [
    'hands no deploy role to a function',
    'denied',
    'iam:PassRole',
    iam('role/gitops-deploy-two'),
    passedTo('lambda.amazonaws.com'),
  ],
  ['changes not the shared role', 'denied', 'iam:PutRolePolicy', iam('role/trading-api-logs'), bounded],
  ['takes no role', 'denied', 'sts:AssumeRole', iam('role/gitops-deploy-two')],
  [
    'makes the role of auto-scaling',
    'allowed',
    'iam:CreateServiceLinkedRole',
    iam(
      'role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable',
    ),
    { 'iam:AWSServiceName': 'dynamodb.application-autoscaling.amazonaws.com' },
  ],
  ['publishes values', 'allowed', 'ssm:PutParameter', arn('ssm', 'parameter/trading-platform/two/vpc-id')],
  ['writes no ledger', 'denied', 'ssm:PutParameter', arn('ssm', 'parameter/trading-platform/two/release/current')],
  [
    'moves not the store',
    'denied',
    'ssm:PutParameter',
    arn('ssm', 'parameter/trading-platform/release-store-bucket-name'),
  ],
  ['opens not the store', 'denied', 's3:PutBucketPolicy', `arn:aws:s3:::gitops-releases-${account}-eu-west-1-an`],
  [
    'replaces no release',
    'denied',
    's3:PutObject',
    `arn:aws:s3:::gitops-releases-${account}-eu-west-1-an/releases/1.tar.gz`,
  ],
  ['fetches code', 'allowed', 's3:GetObject', `arn:aws:s3:::cdk-hnb659fds-assets-${account}-eu-west-2/1.zip`],
  ['makes a bucket', 'allowed', 's3:CreateBucket', bucket],
  ['sets its lifecycle', 'allowed', 's3:PutLifecycleConfiguration', bucket],
  ['reads no trade', 'denied', 's3:GetObject', `${bucket}/trades/2026/01/01/order-1.json`],
  ['makes a table', 'allowed', 'dynamodb:CreateTable', arn('dynamodb', 'table/orders-two')],
  ['switches recovery on', 'allowed', 'dynamodb:UpdateContinuousBackups', arn('dynamodb', 'table/orders-two')],
  ['reads no order', 'denied', 'dynamodb:GetItem', arn('dynamodb', 'table/orders-two')],
  ['makes no other table', 'denied', 'dynamodb:CreateTable', arn('dynamodb', 'table/other')],
  ['makes a queue', 'allowed', 'sqs:SetQueueAttributes', arn('sqs', 'order-queue-two')],
  ['takes no message', 'denied', 'sqs:ReceiveMessage', arn('sqs', 'order-queue-two')],
  ['makes a function', 'allowed', 'lambda:CreateFunction', arn('lambda', 'function:order-intake-two')],
  ['moves its alias', 'allowed', 'lambda:UpdateAlias', arn('lambda', 'function:order-intake-two')],
  ['maps the queue', 'allowed', 'lambda:CreateEventSourceMapping', '*'],
  ['calls no function of ours', 'denied', 'lambda:InvokeFunction', arn('lambda', 'function:order-intake-two')],
  [
    'calls CDK’s own',
    'allowed',
    'lambda:InvokeFunction',
    arn('lambda', 'function:trading-vpc-two-CustomVpcRestrictDefaultSG-1'),
  ],
  ['makes a network', 'allowed', 'ec2:CreateVpc', arn('ec2', 'vpc/vpc-1')],
  ['makes a NAT gateway', 'allowed', 'ec2:CreateNatGateway', arn('ec2', 'natgateway/nat-1')],
  ['makes flow logs', 'allowed', 'ec2:CreateFlowLogs', arn('ec2', 'vpc-flow-log/fl-1')],
  ['starts no machine', 'denied', 'ec2:RunInstances', arn('ec2', 'instance/i-1')],
  ['makes a log group', 'allowed', 'logs:CreateLogGroup', arn('logs', 'log-group:/aws/lambda/order-intake-two')],
  ['reads no log', 'denied', 'logs:GetLogEvents', arn('logs', 'log-group:/aws/lambda/order-intake-two:log-stream:1')],
  ['makes a key', 'allowed', 'kms:CreateKey', '*'],
  ['decrypts nothing', 'denied', 'kms:Decrypt', arn('kms', 'key/1')],
  ['subscribes people', 'allowed', 'sns:Subscribe', arn('sns', 'trading-alarms-two')],
  ['makes an API', 'allowed', 'apigateway:POST', 'arn:aws:apigateway:eu-west-2::/restapis'],
  ['makes no API key', 'denied', 'apigateway:POST', 'arn:aws:apigateway:eu-west-2::/apikeys'],
  ['makes an alarm', 'allowed', 'cloudwatch:PutMetricAlarm', arn('cloudwatch', 'alarm:slow-orders-two')],
  ['forges no metric', 'denied', 'cloudwatch:PutMetricData', '*'],
  ['makes a rule', 'allowed', 'events:PutRule', arn('events', 'rule/failed-stacks-two')],
  [
    'scales the table',
    'allowed',
    'application-autoscaling:RegisterScalableTarget',
    arn('application-autoscaling', 'scalable-target/1'),
  ],
];

const BOUNDARY_ROWS: readonly Row[] = [
  ['stores an order', 'allowed', 'dynamodb:PutItem', arn('dynamodb', 'table/orders-two')],
  ['deletes none', 'denied', 'dynamodb:DeleteItem', arn('dynamodb', 'table/orders-two')],
  ['writes a trade', 'allowed', 's3:PutObject', `${bucket}/trades/2026/01/01/order-1.json`],
  ['reads none', 'denied', 's3:GetObject', `${bucket}/trades/2026/01/01/order-1.json`],
  [
    'reads no release',
    'denied',
    's3:GetObject',
    `arn:aws:s3:::gitops-releases-${account}-eu-west-1-an/releases/1.tar.gz`,
  ],
  ['takes no role', 'denied', 'sts:AssumeRole', iam('role/gitops-deploy-two')],
  ['changes no role', 'denied', 'iam:PutRolePolicy', iam('role/gitops-deploy-two')],
  ['writes no ledger', 'denied', 'ssm:PutParameter', arn('ssm', 'parameter/trading-platform/two/release/current')],
  ['reads no secret', 'denied', 'secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:any-abcdef')],
];

const call = ([, , action, resource, context]: Row): Call => ({ action, resource, ...(context && { context }) });

describe('CloudFormation', () => {
  for (const row of EXECUTION_ROWS) {
    it(`${row[0]}: ${row[2]} ${row[1]}`, async () => {
      assert.equal(await policies.policyLets(EXECUTION, call(row)), row[1] === 'allowed');
    });
  }
});

describe('a role that a stack made, whatever its policies say', () => {
  for (const row of BOUNDARY_ROWS) {
    it(`${row[0]}: ${row[2]} ${row[1]}`, async () => {
      assert.equal(await policies.boundaryLeaves(BOUNDARY, call(row)), row[1] === 'allowed');
    });
  }
});
