/** Is every published SSM parameter there, with the value its stack gave it, and does it point at something that exists? */
import { GetRestApiCommand } from '@aws-sdk/client-api-gateway';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSubnetsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { PARAMETERS, type ParameterName, parameterName } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { assess, assessPresent, type Expectation, type Subject } from '../../core/validation/assess.ts';
import { satisfying } from '../../core/validation/matchers.ts';
import { type Observation, observed, partOf, unanswered } from '../../core/validation/observation.ts';
import { agreesWithTemplate, readable } from '../../core/validation/template-values.ts';
import type { AwsClients } from '../aws-clients.ts';
import { publishedValue } from './inventory.ts';
import { type CallOptions, observe } from './observe.ts';
import type { Probe, ProbeContext } from './probe.ts';

export const parameters: Probe = {
  name: 'parameters',
  observe: async (context) => (await Promise.all(PARAMETERS.map((name) => lookAt(name, context)))).flat(),
};

/** The API's address as people and programs look it up. Missing also when what stands there is no address. */
export async function publishedEndpoint(environment: string, clients: AwsClients): Promise<Observation<string>> {
  const endpoint = await readParameter(parameterName(environment, 'api-endpoint'), clients);
  return partOf(endpoint, (value) => (URL.canParse(value) ? value : undefined));
}

const readParameter = async (path: string, { ssm }: AwsClients): Promise<Observation<string>> =>
  partOf(
    await observe((options) => ssm.send(new GetParameterCommand({ Name: path }), options)),
    ({ Parameter }) => Parameter?.Value,
  );

async function lookAt(name: ParameterName, context: ProbeContext): Promise<Check[]> {
  const path = parameterName(context.config.name, name);
  const subject: Subject = { name: path, resource: { type: 'AWS::SSM::Parameter', id: path } };
  const parameter = await readParameter(path, context.clients);
  const checks = assessPresent(subject, 'parameter.present', parameter, []);
  if (parameter.state !== 'observed') return checks;
  const published = publishedValue(context.inventory, name);
  if (published === undefined) return [...checks, ...assess(subject, unanswered(whyUnknown(context)), [anyTarget])];
  const remedy = 'Changed outside Git: put it back. Whoever looks it up goes astray.';
  // One check for both: a wrong value points at nothing more often than not, and is one mistake.
  if (!agreesWithTemplate(published, parameter.value)) {
    return [
      ...checks,
      ...assess(subject, parameter, [
        {
          id: 'parameter.target',
          expected: satisfying(String(readable(published)), () => false),
          actual: (value) => value,
          remedy,
        },
      ]),
    ];
  }
  const target = await askWhetherItExists(name, parameter.value, context.clients);
  return [
    ...checks,
    ...assess(subject, target.state === 'missing' ? observed(false) : target, [
      {
        id: 'parameter.target',
        expected: satisfying('points at something that exists', (actual) => actual === parameter.value),
        actual: (exists) => (exists ? parameter.value : `${parameter.value}, which does not exist`),
        remedy: 'Deploy the environment again: what the parameter names is gone.',
      },
    ]),
  ];
}

const anyTarget: Expectation<string> = {
  id: 'parameter.target',
  expected: satisfying('the value its stack gave it', () => true),
  actual: (value) => value,
  remedy: '',
};

/** No stack that could be read declares the parameter. */
const whyUnknown = ({ inventory }: ProbeContext): string =>
  inventory.stacks.map(({ component }) => inventory.unreadable(component)).find((reason) => reason !== undefined) ??
  'no deployed stack declares it';

/** One cheap read of the thing that the value names; `false`, or missing, when there is no such thing. */
function askWhetherItExists(name: ParameterName, value: string, clients: AwsClients): Promise<Observation<boolean>> {
  return observe(async (options) => {
    await LOOK_UPS[name](value, clients, options);
    return true;
  });
}

type LookUp = (value: string, clients: AwsClients, options: CallOptions) => Promise<unknown>;

const queueUrl: LookUp = (value, { sqs }, options) =>
  sqs.send(new GetQueueAttributesCommand({ QueueUrl: value, AttributeNames: ['QueueArn'] }), options);

const functionArn: LookUp = (value, { lambda }, options) =>
  lambda.send(new GetFunctionConfigurationCommand({ FunctionName: value }), options);

const LOOK_UPS: Readonly<Record<ParameterName, LookUp>> = {
  'vpc-id': (value, { ec2 }, options) => ec2.send(new DescribeVpcsCommand({ VpcIds: [value] }), options),
  'private-subnet-ids': (value, { ec2 }, options) =>
    ec2.send(new DescribeSubnetsCommand({ SubnetIds: value.split(',') }), options),
  'orders-table-name': (value, { dynamodb }, options) =>
    dynamodb.send(new DescribeTableCommand({ TableName: value }), options),
  'trade-bucket-name': (value, { s3 }, options) => s3.send(new HeadBucketCommand({ Bucket: value }), options),
  'order-queue-url': queueUrl,
  'order-queue-arn': (value, { sqs }, options) =>
    sqs.send(new GetQueueUrlCommand({ QueueName: value.split(':').at(-1) ?? value }), options),
  'order-dead-letter-queue-url': queueUrl,
  'order-intake-alias-arn': functionArn,
  'order-processing-alias-arn': functionArn,
  'api-endpoint': (value, { apiGateway }, options) =>
    apiGateway.send(new GetRestApiCommand({ restApiId: new URL(value).hostname.split('.')[0] ?? '' }), options),
  'alarm-topic-arn': (value, { sns }, options) => sns.send(new GetTopicAttributesCommand({ TopicArn: value }), options),
};
