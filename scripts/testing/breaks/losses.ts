/**
 * Losses: whole things deleted by hand, with no way back, so they come last and in this order. Each says what else
 * fails that did not fail before.
 */
import { DeleteRestApiCommand, DeleteStageCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  DeleteStackCommand,
  GetTemplateCommand,
  UpdateStackCommand,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteBucketCommand, DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { DeleteTopicCommand } from '@aws-sdk/client-sns';
import { DeleteQueueCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { API_STAGE, resourceName, stackName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import type { Break } from './break.ts';

const nothingToTakeBack = async (): Promise<void> => {};

const loss = (
  id: string,
  of: (config: DeployedEnvironment['config']) => string,
  also: readonly string[],
  lose: (environment: DeployedEnvironment) => Promise<unknown>,
): Break => ({
  id,
  of: ({ config }) => of(config),
  also,
  apply: async (environment) => {
    await lose(environment);
    return nothingToTakeBack;
  },
});

const bucketName = ({ name, account, region }: DeployedEnvironment['config']): string =>
  `${resourceName('trade-data', name)}-${account}-${region}-an`;

const apiIdOf = async ({ clients, config }: DeployedEnvironment): Promise<string> => {
  const { items } = await clients.apiGateway.send(new GetRestApisCommand({}));
  return items?.find(({ name }) => name === resourceName('trading-api', config.name))?.id ?? '';
};

export const LOSSES: readonly Break[] = [
  loss(
    'role.present',
    ({ name }) => `${stackName('vpc', name)}-VpcAll`,
    [],
    async ({ clients: { iam }, config }) => {
      const { Roles } = await iam.send(new ListRolesCommand({}));
      const RoleName = Roles?.find((role) =>
        role.RoleName?.startsWith(`${stackName('vpc', config.name)}-VpcAll`),
      )?.RoleName;
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
    },
  ),
  loss(
    'stack.complete',
    ({ name }) => stackName('s3', name),
    [],
    async ({ clients: { cloudformation }, config }) => {
      const StackName = stackName('s3', config.name);
      const { TemplateBody = '' } = await cloudformation.send(new GetTemplateCommand({ StackName }));
      const template = JSON.parse(TemplateBody) as { Resources: object };
      // A bucket that is there already: refused when CloudFormation gets to it.
      const Bad = { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucketName(config) } };
      const Resources = { ...template.Resources, Bad };
      const request = { StackName, TemplateBody: JSON.stringify({ ...template, Resources }) };
      await cloudformation.send(new UpdateStackCommand({ ...request, Capabilities: ['CAPABILITY_IAM'] }));
      await waitUntilStackUpdateComplete({ client: cloudformation, maxWaitTime: 20, minDelay: 1 }, { StackName }).then(
        () => Promise.reject(new Error('the update was to fail')),
        () => {},
      );
    },
  ),
  loss(
    'topic.present',
    ({ name }) => resourceName('trading-alarms', name),
    ['parameter.target'],
    ({ clients, config }) =>
      clients.sns.send(
        new DeleteTopicCommand({
          TopicArn: `arn:aws:sns:${config.region}:${config.account}:${resourceName('trading-alarms', config.name)}`,
        }),
      ),
  ),
  loss(
    'stack.present',
    ({ name }) => stackName('monitoring', name),
    ['alarm.present', 'dashboard.present', 'event-rule.present', 'parameter.present'],
    async ({ clients: { cloudformation }, config }) => {
      const StackName = stackName('monitoring', config.name);
      await cloudformation.send(new DeleteStackCommand({ StackName }));
      await waitUntilStackDeleteComplete({ client: cloudformation, maxWaitTime: 20, minDelay: 1 }, { StackName });
    },
  ),
  loss(
    'api.stage',
    ({ name }) => `${resourceName('trading-api', name)}/${API_STAGE}`,
    ['synthetic.accepted', 'synthetic.health', 'synthetic.invalid-refused'],
    async (environment) =>
      environment.clients.apiGateway.send(
        new DeleteStageCommand({ restApiId: await apiIdOf(environment), stageName: API_STAGE }),
      ),
  ),
  loss(
    'api.present',
    ({ name }) => resourceName('trading-api', name),
    ['parameter.target'],
    async (environment) =>
      environment.clients.apiGateway.send(new DeleteRestApiCommand({ restApiId: await apiIdOf(environment) })),
  ),
  loss(
    'function.present',
    ({ name }) => resourceName('order-processing', name),
    ['parameter.target'],
    ({ clients, config }) =>
      clients.lambda.send(new DeleteFunctionCommand({ FunctionName: resourceName('order-processing', config.name) })),
  ),
  loss(
    'queue.present',
    ({ name }) => resourceName('order-queue', name),
    ['parameter.target'],
    async ({ clients: { sqs }, config }) => {
      const QueueName = resourceName('order-queue', config.name);
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  ),
  loss(
    'table.present',
    ({ name }) => resourceName('orders', name),
    ['parameter.target', 'synthetic.removed'],
    ({ clients, config }) =>
      clients.dynamodb.send(new DeleteTableCommand({ TableName: resourceName('orders', config.name) })),
  ),
  loss(
    'bucket.present',
    ({ name }) => resourceName('trade-data', name),
    ['parameter.target'],
    async ({ clients: { s3 }, config }) => {
      const Bucket = bucketName(config);
      // A bucket goes only when it is empty, and orders of earlier losses may have left records.
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
        await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
      }
      await s3.send(new DeleteBucketCommand({ Bucket }));
    },
  ),
];
