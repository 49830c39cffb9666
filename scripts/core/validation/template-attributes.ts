/**
 * What `Fn::GetAtt` of a deployed stack means, as far as ids and names tell: ARNs are made of them. Pure.
 *
 * Why: a value that only CloudFormation knows can't be compared, and most of them anybody can work out.
 */
import type { References } from './template-values.ts';

export interface NamedResource {
  readonly type: string;
  readonly logicalId: string;
  readonly physicalId: string;
}

export interface ResourcePlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

type ArnMaker = (physicalId: string, place: ResourcePlace) => string;

const regional =
  (service: string, resource: (id: string) => string): ArnMaker =>
  (id, { partition, region, account }) =>
    id.startsWith('arn:') ? id : `arn:${partition}:${service}:${region}:${account}:${resource(id)}`;

/** By type and attribute. Sources: the "Return values" of each type in the CloudFormation template reference. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, ArnMaker>>>> = {
  'AWS::CloudWatch::Alarm': { Arn: regional('cloudwatch', (id) => `alarm:${id}`) },
  'AWS::DynamoDB::Table': { Arn: regional('dynamodb', (id) => `table/${id}`) },
  'AWS::EC2::SecurityGroup': { GroupId: (id) => id },
  // The house's roles have no path.
  'AWS::IAM::Role': { Arn: (id, { partition, account }) => `arn:${partition}:iam::${account}:role/${id}` },
  'AWS::KMS::Key': { Arn: regional('kms', (id) => `key/${id}`) },
  'AWS::Lambda::Function': { Arn: regional('lambda', (id) => `function:${id}`) },
  'AWS::Lambda::Version': { Version: (id) => lastPart(id, ':') },
  'AWS::Logs::LogGroup': { Arn: regional('logs', (id) => `log-group:${id}:*`) },
  'AWS::S3::Bucket': { Arn: (id, { partition }) => `arn:${partition}:s3:::${id}` },
  'AWS::SNS::Topic': { TopicArn: (id) => id, TopicName: (id) => lastPart(id, ':') },
  'AWS::SQS::Queue': { Arn: regional('sqs', (id) => lastPart(id, '/')), QueueName: (id) => lastPart(id, '/') },
};

/** By `LogicalId.Attribute`, as `resolveTemplateValue` looks them up. */
export function attributesOf(resources: readonly NamedResource[], place: ResourcePlace): References {
  return Object.fromEntries(
    resources.flatMap(({ type, logicalId, physicalId }) =>
      physicalId === ''
        ? []
        : Object.entries(ATTRIBUTES[type] ?? {}).map(([name, make]) => [
            `${logicalId}.${name}`,
            make(physicalId, place),
          ]),
    ),
  );
}

const lastPart = (text: string, separator: string): string => text.split(separator).at(-1) ?? text;
