/**
 * Which property of a template each probe looks at, by CloudFormation's path: so that one fact has one name, whoever found
 * it, and one waiver covers it. Pure.
 *
 * What is not here is no property of any template: an extra policy, an unconfirmed subscription. Its name is the check's id.
 */
import type { Check } from '../check.ts';

/** That a resource is there at all, whoever missed it. */
export const PRESENT = 'present';

/** Of any resource that bears tags. */
export const TAGS = '/Tags';

/** The resource as a whole: for checks that look at several of its properties at once. */
const WHOLE = '/';

const capacity = (path: string): Readonly<Record<'read' | 'write', string>> => ({
  read: `${path}/ReadCapacityUnits`,
  write: `${path}/WriteCapacityUnits`,
});
const TABLE = capacity('/ProvisionedThroughput');
const INDEX = capacity('/GlobalSecondaryIndexes/0/ProvisionedThroughput');

const PATHS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::ApiGateway::Method': { 'api.authorization': '/AuthorizationType' },
  'AWS::ApiGateway::Stage': {
    'api.stage': PRESENT,
    'api.throttle-rate': '/MethodSettings/0/ThrottlingRateLimit',
    'api.throttle-burst': '/MethodSettings/0/ThrottlingBurstLimit',
    'api.metrics': '/MethodSettings/0/MetricsEnabled',
    'api.method-overrides': '/MethodSettings',
    'api.access-log': '/AccessLogSetting/DestinationArn',
    'api.access-log-format': '/AccessLogSetting/Format',
    'api.tracing': '/TracingEnabled',
  },
  'AWS::ApiGateway::UsagePlan': { 'api.usage-plan': '/Throttle' },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    'table.auto-scaling-read': WHOLE,
    'table.auto-scaling-write': WHOLE,
    'table.index-auto-scaling-read': WHOLE,
    'table.index-auto-scaling-write': WHOLE,
  },
  'AWS::CloudWatch::Alarm': {
    'alarm.actions-enabled': '/ActionsEnabled',
    'alarm.notifies': '/AlarmActions',
    'alarm.threshold': WHOLE,
  },
  'AWS::CloudWatch::CompositeAlarm': { 'alarm.actions-enabled': '/ActionsEnabled' },
  'AWS::CloudWatch::Dashboard': { 'dashboard.widgets': '/DashboardBody' },
  'AWS::DynamoDB::Table': {
    'table.read-capacity': TABLE.read,
    'table.write-capacity': TABLE.write,
    'table.index-read-capacity': INDEX.read,
    'table.index-write-capacity': INDEX.write,
    'table.deletion-protection': '/DeletionProtectionEnabled',
    'table.key': '/KeySchema',
    'table.customer-index': '/GlobalSecondaryIndexes/0/KeySchema',
    'table.point-in-time-recovery': '/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled',
  },
  'AWS::EC2::SecurityGroup': {
    'security-group.egress': '/SecurityGroupEgress',
    'security-group.ingress': '/SecurityGroupIngress',
  },
  'AWS::EC2::VPC': { 'vpc.cidr': '/CidrBlock' },
  'AWS::Events::Rule': { 'event-rule.enabled': '/State', 'event-rule.notifies': '/Targets' },
  'AWS::IAM::Policy': { 'role.policy-document': '/PolicyDocument' },
  'AWS::IAM::Role': {
    'role.boundary': '/PermissionsBoundary',
    'role.managed-policies': '/ManagedPolicyArns',
    'role.policy-document': '/Policies',
    'role.trust': '/AssumeRolePolicyDocument',
  },
  'AWS::KMS::Key': {
    'key.enabled': '/Enabled',
    'key.publishers': '/KeyPolicy',
    'key.rotation': '/EnableKeyRotation',
  },
  'AWS::Lambda::Alias': { 'function.alias': PRESENT, 'function.alias-version': '/FunctionVersion' },
  'AWS::Lambda::EventSourceMapping': {
    'event-source.enabled': '/Enabled',
    'event-source.partial-failures': '/FunctionResponseTypes',
  },
  'AWS::Lambda::Function': {
    'function.architecture': '/Architectures',
    'function.environment': '/Environment/Variables',
    'function.memory': '/MemorySize',
    'function.runtime': '/Runtime',
    'function.security-groups': '/VpcConfig/SecurityGroupIds',
    'function.subnets': '/VpcConfig/SubnetIds',
    'function.timeout': '/Timeout',
    'function.tracing': '/TracingConfig/Mode',
  },
  'AWS::Logs::LogGroup': { 'log-group.retention': '/RetentionInDays' },
  'AWS::S3::Bucket': {
    'bucket.colder-classes': '/LifecycleConfiguration',
    'bucket.encryption': '/BucketEncryption',
    'bucket.incomplete-uploads': '/LifecycleConfiguration',
    'bucket.old-versions': '/LifecycleConfiguration',
    'bucket.public-access': '/PublicAccessBlockConfiguration',
    'bucket.retention': '/LifecycleConfiguration',
    'bucket.versioning': '/VersioningConfiguration/Status',
  },
  'AWS::S3::BucketPolicy': { 'bucket.policy-public': '/PolicyDocument', 'bucket.tls-only': '/PolicyDocument' },
  'AWS::SNS::Topic': { 'topic.encryption': '/KmsMasterKeyId' },
  'AWS::SNS::TopicPolicy': { 'topic.policy-public': '/PolicyDocument', 'topic.publishers': '/PolicyDocument' },
  'AWS::SQS::Queue': {
    'queue.encryption': '/SqsManagedSseEnabled',
    'queue.redrive': '/RedrivePolicy',
    'queue.redrive-allow': '/RedriveAllowPolicy',
    'queue.retention': '/MessageRetentionPeriod',
    'queue.visibility-timeout': '/VisibilityTimeout',
  },
  'AWS::SQS::QueuePolicy': { 'queue.policy-public': '/PolicyDocument', 'queue.tls-only': '/PolicyDocument' },
  'AWS::SSM::Parameter': { 'parameter.target': '/Value' },
};

/** The path of what a probe looked at, `present`, or its check's id. */
export function propertyOf({ id, resource }: Pick<Check, 'id' | 'resource'>): string {
  const path = resource && PATHS[resource.type]?.[id];
  if (path !== undefined) return path;
  if (id === 'tags.present') return TAGS;
  return id.endsWith('.present') ? PRESENT : id;
}

/** `/Environment/Variables` of `/Environment/Variables/LOG_LEVEL`; never of itself. */
export const isBelow = (property: string, above: string): boolean =>
  above.startsWith('/') && property.startsWith('/') && property !== above
    ? property.startsWith(above === WHOLE ? WHOLE : `${above}/`)
    : false;
