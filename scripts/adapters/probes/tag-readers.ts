/**
 * How each service tells a resource's tags. One entry per CloudFormation type that our stacks tag; a type without one
 * is reported as unknown, never as tagged.
 */
import { GetRestApiCommand, GetStageCommand, GetUsagePlanCommand } from '@aws-sdk/client-api-gateway';
import {
  DescribeScalableTargetsCommand,
  ListTagsForResourceCommand as ScalingTags,
} from '@aws-sdk/client-application-auto-scaling';
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
import { GetParameterCommand, ListTagsForResourceCommand as ParameterTags } from '@aws-sdk/client-ssm';
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

/** Thrown when a service that answers about missing resources too has nothing to say about this one. */
class ResourceGoneError extends Error {
  constructor(id: string) {
    super(`there is no ${id}`);
    // As EC2 names such errors: `observe` reads it.
    this.name = 'InvalidResource.NotFound';
  }
}

const ec2: TagReader = async ({ physicalId, clients, options }) => {
  const request = new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [physicalId] }] });
  const tags = fromPairs((await clients.ec2.send(request, options)).Tags);
  // CloudFormation's own aws: tags are on each of its resources and nobody can take them off: none means no resource.
  if (Object.keys(tags).length === 0) throw new ResourceGoneError(physicalId);
  return tags;
};

/** CloudFormation's id of a scalable target is `resource|dimension|namespace`; tags hang on its ARN. */
const scalableTarget: TagReader = async ({ physicalId, clients, options }) => {
  const [resourceId = '', dimension] = physicalId.split('|');
  const { ScalableTargets } = await clients.applicationAutoScaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: 'dynamodb', ResourceIds: [resourceId] }),
    options,
  );
  const target = ScalableTargets?.find(({ ScalableDimension }) => ScalableDimension === dimension);
  const request = new ScalingTags({ ResourceARN: target?.ScalableTargetARN });
  return (await clients.applicationAutoScaling.send(request, options)).Tags ?? {};
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
  'AWS::ApplicationAutoScaling::ScalableTarget': scalableTarget,
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
  'AWS::ApiGateway::RestApi': async ({ physicalId, clients, options }) =>
    (await clients.apiGateway.send(new GetRestApiCommand({ restApiId: physicalId }), options)).tags ?? {},
  'AWS::ApiGateway::Stage': async ({ physicalId, properties, clients, options }) => {
    const request = { restApiId: String(properties['RestApiId']), stageName: physicalId };
    return (await clients.apiGateway.send(new GetStageCommand(request), options)).tags ?? {};
  },
  'AWS::ApiGateway::UsagePlan': async ({ physicalId, clients, options }) =>
    (await clients.apiGateway.send(new GetUsagePlanCommand({ usagePlanId: physicalId }), options)).tags ?? {},
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
    // Asked first: some answer "no tags" about a parameter that is not there.
    await clients.ssm.send(new GetParameterCommand({ Name: physicalId }), options);
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
