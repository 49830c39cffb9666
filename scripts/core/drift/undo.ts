/**
 * The AWS command that puts a difference back by hand, where one command does it. Pure.
 *
 * Why: an emulated account has no drift-reverting deployments, and CloudFormation reverts nothing it does not see.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CheckedResource } from '../check.ts';
import type { Json } from '../plan/plan.ts';
import { maskValue } from '../plan/secrets.ts';
import type { DriftCheck, StackResource } from './drift-check.ts';

/** One fact that differs: the checks that found it, best spoken first. */
export interface Fact {
  readonly resource: CheckedResource;
  readonly property: string;
  readonly checks: readonly DriftCheck[];
  /** What the environment's release was made with. */
  readonly config?: EnvironmentConfig | undefined;
  readonly resources: readonly StackResource[];
}

type Undo = (id: string, fact: Fact) => readonly string[] | undefined;

/** Commands for a shell; none where more than a command is needed. */
export function undoCommands(fact: Fact): readonly string[] {
  const { resource, property, checks } = fact;
  const byProperty = UNDO[`${resource.type} ${property}`];
  const byCheck = checks.map(({ id }) => UNDO[`${resource.type} ${id}`]).find((each) => each !== undefined);
  return (byProperty ?? byCheck)?.(resource.id, fact) ?? [];
}

/** The declared value, as the service takes it; undefined: only probes looked, which say it in words. */
function declaredValue({ checks, property }: Fact): unknown {
  const exact = checks.find(({ id, property: of }) => of === property && /^(declared|cloudformation)\./.test(id));
  const value = exact?.expected;
  // `*` stands for what the template does not tell.
  return typeof value === 'string' && value.includes('*') ? undefined : (value ?? undefined);
}

/** A command that takes the declared value as an option. */
const withValue =
  (command: (id: string, value: string) => string): Undo =>
  (id, fact) => {
    const value = declaredValue(fact);
    if (value === undefined) return undefined;
    return [command(id, shell(typeof value === 'object' ? JSON.stringify(value) : String(value)))];
  };

/** One command for each member there is beyond the expected ones. */
const eachExtra =
  (check: string, command: (id: string, member: string) => string | undefined): Undo =>
  (id, { checks }) => {
    const found = checks.find((each) => each.id === check);
    const [expected, actual] = [found?.expected, found?.actual];
    if (!Array.isArray(actual)) return undefined;
    const known = new Set(Array.isArray(expected) ? expected : []);
    return actual.filter((each) => !known.has(each)).flatMap((each) => command(id, String(each)) ?? []);
  };

const always =
  (command: (id: string) => string): Undo =>
  (id) => [command(id)];

const configureFunction = (option: string): Undo =>
  withValue(
    (id, value) => `aws lambda update-function-configuration --function-name ${shell(id)} --${option} ${value}`,
  );
const queueAttribute = (name: string): Undo =>
  withValue((id, value) => `aws sqs set-queue-attributes --queue-url ${shell(id)} --attributes ${name}=${value}`);
const stageSetting =
  (path: string): Undo =>
  (id, fact) => {
    const api = fact.resources.find(({ type }) => type === 'AWS::ApiGateway::RestApi')?.id;
    const value = declaredValue(fact);
    if (api === undefined || value === undefined) return undefined;
    const operation = shell(`op=replace,path=${path},value=${String(value)}`);
    return [`aws apigateway update-stage --rest-api-id ${api} --stage-name ${id} --patch-operations ${operation}`];
  };
const capacity: Undo = (id, { config }) =>
  config && [
    `aws dynamodb update-table --table-name ${shell(id)} --provisioned-throughput ` +
      `ReadCapacityUnits=${config.table.readCapacity},WriteCapacityUnits=${config.table.writeCapacity}`,
  ];

/** All variables in one: the service takes them as a whole. Not where any looks like a secret. */
const environmentVariables: Undo = (id, { checks }) => {
  const expected = checks.find((check) => check.id === 'function.environment')?.expected as Json | undefined;
  const text = JSON.stringify(expected ?? null);
  if (expected === undefined || text.includes('*') || text !== JSON.stringify(maskAll(expected))) return undefined;
  const variables = shell(`{"Variables":${text}}`);
  return [`aws lambda update-function-configuration --function-name ${shell(id)} --environment ${variables}`];
};

const maskAll = (variables: Json): Json =>
  typeof variables === 'object' && variables !== null && !Array.isArray(variables)
    ? Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, maskValue(name, value ?? null) ?? null]),
      )
    : variables;

/** `out tcp 22 0.0.0.0/0`, as the probe of the groups says it. Rules with other peers are left to people. */
const revoke =
  (direction: 'egress' | 'ingress') =>
  (id: string, rule: string): string | undefined => {
    const [, protocol, ports, peer] = /^(?:in|out) (\S+)(?: (\d+(?:-\d+)?))? (\d[\d./]+)$/.exec(rule) ?? [];
    if (protocol === undefined || peer === undefined) return undefined;
    const [from, to = from] = ports?.split('-') ?? [];
    const range = from === undefined ? '' : `,FromPort=${from},ToPort=${to}`;
    const permission = `IpProtocol=${protocol === 'all' ? '-1' : protocol}${range},IpRanges=[{CidrIp=${peer}}]`;
    return `aws ec2 revoke-security-group-${direction} --group-id ${id} --ip-permissions ${shell(permission)}`;
  };

/** By type and property, or by type and check where it is no property of a template. */
const UNDO: Readonly<Record<string, Undo>> = {
  'AWS::ApiGateway::Stage /MethodSettings/0/ThrottlingRateLimit': stageSetting('/*/*/throttling/rateLimit'),
  'AWS::ApiGateway::Stage /MethodSettings/0/ThrottlingBurstLimit': stageSetting('/*/*/throttling/burstLimit'),
  'AWS::ApiGateway::Stage /MethodSettings/0/MetricsEnabled': stageSetting('/*/*/metrics/enabled'),
  'AWS::ApiGateway::Stage /TracingEnabled': stageSetting('/tracingEnabled'),
  'AWS::CloudFormation::Stack release.orphan': always((id) => `aws cloudformation delete-stack --stack-name ${id}`),
  'AWS::CloudFormation::Stack release.stack-by-hand': always(
    (id) => `aws cloudformation delete-stack --stack-name ${id}`,
  ),
  'AWS::CloudWatch::Alarm /ActionsEnabled': always((id) => `aws cloudwatch enable-alarm-actions --alarm-names ${id}`),
  'AWS::CloudWatch::CompositeAlarm /ActionsEnabled': always(
    (id) => `aws cloudwatch enable-alarm-actions --alarm-names ${id}`,
  ),
  'AWS::DynamoDB::Table /DeletionProtectionEnabled': (id, fact) => {
    const wanted = declaredValue(fact);
    if (wanted === undefined) return undefined;
    return [
      `aws dynamodb update-table --table-name ${id} --${String(wanted) === 'true' ? '' : 'no-'}deletion-protection-enabled`,
    ];
  },
  'AWS::DynamoDB::Table /PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled': withValue(
    (id, value) =>
      `aws dynamodb update-continuous-backups --table-name ${id} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=${value}`,
  ),
  'AWS::DynamoDB::Table /ProvisionedThroughput/ReadCapacityUnits': capacity,
  'AWS::DynamoDB::Table /ProvisionedThroughput/WriteCapacityUnits': capacity,
  'AWS::EC2::SecurityGroup security-group.egress': eachExtra('security-group.egress', revoke('egress')),
  'AWS::EC2::SecurityGroup security-group.ingress': eachExtra('security-group.ingress', revoke('ingress')),
  'AWS::EC2::SecurityGroup security-group.default-closed': (id, fact) => [
    ...(eachExtra('security-group.default-closed', (group, rule) =>
      revoke(rule.startsWith('in') ? 'ingress' : 'egress')(group, rule),
    )(id, fact) ?? []),
  ],
  'AWS::Events::Rule /State': always((id) => `aws events enable-rule --name ${id.split('|').at(-1)}`),
  'AWS::IAM::Role role.inline-policies': eachExtra(
    'role.inline-policies',
    (id, policy) => `aws iam delete-role-policy --role-name ${id} --policy-name ${shell(policy)}`,
  ),
  'AWS::IAM::Role /ManagedPolicyArns': eachExtra(
    'role.managed-policies',
    (id, policy) => `aws iam detach-role-policy --role-name ${id} --policy-arn ${shell(policy)}`,
  ),
  'AWS::IAM::Role /PermissionsBoundary': withValue(
    (id, value) => `aws iam put-role-permissions-boundary --role-name ${id} --permissions-boundary ${value}`,
  ),
  'AWS::KMS::Key /EnableKeyRotation': always((id) => `aws kms enable-key-rotation --key-id ${id}`),
  'AWS::KMS::Key /Enabled': always((id) => `aws kms enable-key --key-id ${id}`),
  'AWS::Lambda::Alias /FunctionVersion': withValue((id, value) => {
    const [name, alias] = id.split(':').slice(-2);
    return `aws lambda update-alias --function-name ${name} --name ${alias} --function-version ${value}`;
  }),
  'AWS::Lambda::Function /MemorySize': configureFunction('memory-size'),
  'AWS::Lambda::Function /Timeout': configureFunction('timeout'),
  'AWS::Lambda::Function /Runtime': configureFunction('runtime'),
  'AWS::Lambda::Function function.environment': environmentVariables,
  'AWS::Lambda::Function /Handler': configureFunction('handler'),
  'AWS::Lambda::Function /Description': configureFunction('description'),
  'AWS::Lambda::Function /TracingConfig/Mode': withValue(
    (id, value) => `aws lambda update-function-configuration --function-name ${id} --tracing-config Mode=${value}`,
  ),
  'AWS::Logs::LogGroup /RetentionInDays': withValue(
    (id, value) => `aws logs put-retention-policy --log-group-name ${shell(id)} --retention-in-days ${value}`,
  ),
  'AWS::S3::Bucket /VersioningConfiguration/Status': withValue(
    (id, value) => `aws s3api put-bucket-versioning --bucket ${id} --versioning-configuration Status=${value}`,
  ),
  'AWS::S3::Bucket bucket.public-access': always(
    (id) =>
      `aws s3api put-public-access-block --bucket ${id} --public-access-block-configuration ` +
      'BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
  ),
  'AWS::SQS::Queue /MessageRetentionPeriod': queueAttribute('MessageRetentionPeriod'),
  'AWS::SQS::Queue /SqsManagedSseEnabled': queueAttribute('SqsManagedSseEnabled'),
  'AWS::SQS::Queue /VisibilityTimeout': queueAttribute('VisibilityTimeout'),
  'AWS::SSM::Parameter /Value': withValue(
    (id, value) => `aws ssm put-parameter --overwrite --name ${id} --value ${value}`,
  ),
};

/** As a shell takes it for one word, without expanding anything in it. */
function shell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
