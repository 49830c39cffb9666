/**
 * The example of a pull request's comment in docs/: a rich change, planned and rendered by the product's own code. Written
 * anew by examples.ts.
 */
import { join } from 'node:path';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';
import { REPOSITORY_ROOT } from '../adapters/repository-root.ts';
import { tieToPlans } from '../core/plan/config/carriers.ts';
import { configChanges } from '../core/plan/config/config-change.ts';
import type { StackFacts, Template } from '../core/plan/facts.ts';
import { makePlan } from '../core/plan/make-plan.ts';
import type { Json, Plan } from '../core/plan/plan.ts';
import { renderComment } from '../core/plan/render/comment.ts';

export const EXAMPLE_FILE = join(REPOSITORY_ROOT, 'docs', 'pull-request-comment.md');

type Side = 'base' | 'head';
interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What the pull request of the example does to the files of the environments. */
function edited(config: EnvironmentConfig): EnvironmentConfig {
  const { functions, api, logs } = config;
  const production = config.stage === 'production';
  const throttle = production ? { requestsPerSecond: 500, burst: 1000 } : api.throttle;
  return {
    ...config,
    functions: { ...functions, memoryMb: functions.memoryMb * 2 },
    api: { ...api, throttle },
    logs: { ...logs, retentionDays: production ? 90 : logs.retentionDays },
  };
}

/** The stacks of an environment before and after, as small as they can be to show each kind of change. */
function resourcesOf(
  config: EnvironmentConfig,
  side: Side,
): Readonly<Record<string, Readonly<Record<string, Resource>>>> {
  const { name, functions, api, logs } = side === 'base' ? config : edited(config);
  const head = side === 'head';
  const fn = (purpose: string, code: string): Resource => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: `${purpose}-${name}`,
      MemorySize: functions.memoryMb,
      Code: { S3Key: `${code.repeat(64)}.zip` },
    },
  });
  const queue = (purpose: string): Resource => ({
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: `${purpose}-${name}` },
  });
  return {
    api: {
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: {
          StageName: 'v1',
          MethodSettings: [
            { ThrottlingRateLimit: api.throttle.requestsPerSecond, ThrottlingBurstLimit: api.throttle.burst },
          ],
        },
      },
      AccessLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: logs.retentionDays } },
    },
    dynamodb: {
      Orders: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: `orders-${name}`,
          KeySchema: [{ AttributeName: head && name === 'dev' ? 'orderNumber' : 'orderId', KeyType: 'HASH' }],
        },
      },
    },
    lambda: {
      OrderIntake: fn('order-intake', head ? 'b' : 'a'),
      OrderProcessing: fn('order-processing', 'c'),
      Outbound: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'Order functions',
          SecurityGroupIngress:
            head && name === 'dev' ? [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }] : [],
        },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'orders',
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: head ? 'dynamodb:*' : ['dynamodb:GetItem', 'dynamodb:PutItem'],
                Resource: `arn:aws:dynamodb:*:*:table/orders-${name}`,
              },
            ],
          },
        },
      },
    },
    s3:
      head && name === 'staging'
        ? {}
        : { TradeData: { Type: 'AWS::S3::Bucket', Properties: { BucketNamePrefix: `trade-data-${name}` } } },
    sqs: { Orders: queue('order-queue'), ...(head && { Refunds: queue('refund-queue') }) },
    vpc: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: config.network.cidr } } },
  };
}

function templateOf(stack: string, resources: Readonly<Record<string, Resource>>): Template {
  const entries = Object.entries(resources).map(([id, resource]) => [
    `${id}1A2B3C4D`,
    { ...resource, Metadata: { 'aws:cdk:path': `${stack}/${id}/Resource` } },
  ]);
  return JSON.parse(
    JSON.stringify({ Resources: Object.fromEntries(entries) }).replace('"Ref":"Role"', '"Ref":"Role1A2B3C4D"'),
  ) as Template;
}

export function examplePlan(config: EnvironmentConfig): Plan {
  const [base, head] = [resourcesOf(config, 'base'), resourcesOf(config, 'head')];
  const stacks = Object.keys(head).map((component): StackFacts => {
    const name = `trading-${component}-${config.name}`;
    return {
      name,
      deployed: { template: templateOf(name, base[component] ?? {}), tags: {} },
      released: { template: templateOf(name, head[component] ?? {}), tags: {} },
      changeSet: { Changes: [] },
    };
  });
  const orphan: StackFacts = { name: `trading-reports-${config.name}`, deployed: { template: {}, tags: {} } };
  const { name: environment, account, region, stage } = config;
  return makePlan(
    {
      environment,
      account,
      region,
      stage,
      release: { id: 'a'.repeat(64), digest: 'd'.repeat(64), commit: 'c'.repeat(40), dirty: false },
      stacks: environment === 'dev' ? [...stacks, orphan] : stacks,
    },
    { allowDestructive: false },
  );
}

/** The text of the file. Free of time: the same code gives the same text. */
export function planExample(): string {
  const environments = loadEnvironments({ variables: {} });
  const plans = environments.map(examplePlan);
  const files = (configs: readonly EnvironmentConfig[]): Record<string, Json> =>
    Object.fromEntries(configs.map((config) => [config.name, config as unknown as Json]));
  const changes = configChanges(files(environments), files(environments.map(edited)));
  const { text } = renderComment({
    plans,
    configChanges: tieToPlans(changes, plans),
    commit: 'c0ffee0123456789c0ffee0123456789c0ffee01',
    time: new Date('2026-11-23T10:00:00Z'),
    replacedVersions: 2,
    summaryUrl: 'https://github.com/example-org/trading-platform-gitops/actions/runs/1',
  });
  return [
    '# What a pull request shows',
    '',
    'The comment of a rich change, as the code writes it. Renewed by `npm run example`.',
    '',
    '---',
    '',
    text,
  ].join('\n');
}
