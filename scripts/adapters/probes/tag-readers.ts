/**
 * How each service tells a resource's tags. One entry per CloudFormation type that our stacks tag; a type without one
 * is reported as unknown, never as tagged.
 */
import { GetTagsCommand } from '@aws-sdk/client-api-gateway';
import { ListTagsForResourceCommand as ScalingTags } from '@aws-sdk/client-application-auto-scaling';
import { ListTagsForResourceCommand as AlarmTags } from '@aws-sdk/client-cloudwatch';
import { ListTagsForResourceCommand as LogTags } from '@aws-sdk/client-cloudwatch-logs';
import { ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { ListTagsForResourceCommand as EventTags } from '@aws-sdk/client-eventbridge';
import { ListRoleTagsCommand } from '@aws-sdk/client-iam';
import { ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { ListTagsCommand } from '@aws-sdk/client-lambda';
import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import { ListTagsForResourceCommand as TopicTags } from '@aws-sdk/client-sns';
import { ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { ListTagsForResourceCommand as ParameterTags } from '@aws-sdk/client-ssm';
import type { AwsClients } from '../aws-clients.ts';
import type { CallOptions } from './observe.ts';

export type Tags = Readonly<Record<string, string>>;

export interface TaggedResource {
  /** CloudFormation's physical id. */
  readonly physicalId: string;
  /** Properties of the template, resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly clients: AwsClients;
  readonly options: CallOptions;
  /** The resource's ARN; region and account are the environment's unless given. */
  readonly arn: (service: string, resource: string, place?: { region?: string; account?: string }) => string;
}

type TagReader = (resource: TaggedResource) => Promise<Tags>;

const ec2: TagReader = async ({ physicalId, clients, options, properties }) => {
  // An address' physical id is the address itself in some regions' history, an allocation id in others.
  const id =
    String(properties['AllocationId'] ?? physicalId)
      .split('|')
      .at(-1) ?? physicalId;
  const request = new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] });
  return fromPairs((await clients.ec2.send(request, options)).Tags);
};

const apiGateway =
  (resource: (tagged: TaggedResource) => string): TagReader =>
  async (tagged) => {
    const resourceArn = tagged.arn('apigateway', resource(tagged), { account: '' });
    return (await tagged.clients.apiGateway.send(new GetTagsCommand({ resourceArn }), tagged.options)).tags ?? {};
  };

const cloudwatch =
  (resource: (physicalId: string) => string, region?: string): TagReader =>
  async ({ physicalId, clients, options, arn }) => {
    const ResourceARN = physicalId.startsWith('arn:')
      ? physicalId
      : arn('cloudwatch', resource(physicalId), region === undefined ? {} : { region });
    return fromPairs((await clients.cloudwatch.send(new AlarmTags({ ResourceARN }), options)).Tags);
  };

export const TAG_READERS: Readonly<Record<string, TagReader>> = {
  'AWS::EC2::VPC': ec2,
  'AWS::EC2::Subnet': ec2,
  'AWS::EC2::RouteTable': ec2,
  'AWS::EC2::NatGateway': ec2,
  'AWS::EC2::InternetGateway': ec2,
  'AWS::EC2::VPCEndpoint': ec2,
  'AWS::EC2::FlowLog': ec2,
  'AWS::EC2::SecurityGroup': ec2,
  'AWS::Lambda::Function': async ({ physicalId, clients, options, arn }) => {
    const Resource = arn('lambda', `function:${physicalId}`);
    return (await clients.lambda.send(new ListTagsCommand({ Resource }), options)).Tags ?? {};
  },
  'AWS::Lambda::EventSourceMapping': async ({ physicalId, clients, options, arn }) => {
    const Resource = arn('lambda', `event-source-mapping:${physicalId}`);
    return (await clients.lambda.send(new ListTagsCommand({ Resource }), options)).Tags ?? {};
  },
  'AWS::DynamoDB::Table': async ({ physicalId, clients, options, arn }) => {
    const request = new ListTagsOfResourceCommand({ ResourceArn: arn('dynamodb', `table/${physicalId}`) });
    return fromPairs((await clients.dynamodb.send(request, options)).Tags);
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': async ({ physicalId, clients, options }) => {
    const request = new ScalingTags({ ResourceARN: physicalId });
    return (await clients.applicationAutoScaling.send(request, options)).Tags ?? {};
  },
  'AWS::S3::Bucket': async ({ physicalId, clients, options }) =>
    fromPairs((await clients.s3.send(new GetBucketTaggingCommand({ Bucket: physicalId }), options)).TagSet),
  'AWS::SQS::Queue': async ({ physicalId, clients, options }) =>
    (await clients.sqs.send(new ListQueueTagsCommand({ QueueUrl: physicalId }), options)).Tags ?? {},
  'AWS::SNS::Topic': async ({ physicalId, clients, options }) =>
    fromPairs((await clients.sns.send(new TopicTags({ ResourceArn: physicalId }), options)).Tags),
  'AWS::KMS::Key': async ({ physicalId, clients, options }) => {
    const { Tags } = await clients.kms.send(new ListResourceTagsCommand({ KeyId: physicalId }), options);
    return fromPairs(Tags?.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })));
  },
  'AWS::IAM::Role': async ({ physicalId, clients, options }) =>
    fromPairs((await clients.iam.send(new ListRoleTagsCommand({ RoleName: physicalId }), options)).Tags),
  'AWS::Logs::LogGroup': async ({ physicalId, clients, options, arn }) =>
    (await clients.cloudwatchLogs.send(new LogTags({ resourceArn: arn('logs', `log-group:${physicalId}`) }), options))
      .tags ?? {},
  'AWS::ApiGateway::RestApi': apiGateway(({ physicalId }) => `/restapis/${physicalId}`),
  'AWS::ApiGateway::Stage': apiGateway(
    ({ physicalId, properties }) => `/restapis/${String(properties['RestApiId'])}/stages/${physicalId}`,
  ),
  'AWS::ApiGateway::UsagePlan': apiGateway(({ physicalId }) => `/usageplans/${physicalId}`),
  'AWS::CloudWatch::Alarm': cloudwatch((name) => `alarm:${name}`),
  'AWS::CloudWatch::CompositeAlarm': cloudwatch((name) => `alarm:${name}`),
  // Dashboards belong to no region.
  'AWS::CloudWatch::Dashboard': cloudwatch((name) => `dashboard/${name}`, ''),
  'AWS::Events::Rule': async ({ physicalId, clients, options, arn }) => {
    const ResourceARN = physicalId.startsWith('arn:')
      ? physicalId
      : arn('events', `rule/${physicalId.replace('|', '/')}`);
    return fromPairs((await clients.eventbridge.send(new EventTags({ ResourceARN }), options)).Tags);
  },
  'AWS::SSM::Parameter': async ({ physicalId, clients, options }) => {
    const request = new ParameterTags({ ResourceType: 'Parameter', ResourceId: physicalId });
    return fromPairs((await clients.ssm.send(request, options)).TagList);
  },
};

interface Pair {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

const fromPairs = (pairs: readonly Pair[] | undefined): Tags =>
  Object.fromEntries((pairs ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
