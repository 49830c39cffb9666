import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { testEnvironment } from '../testing/test-environment.ts';
import { stackProps, TEST_BUNDLES, testApp } from '../testing/test-stack.ts';
import { LambdaStack } from './lambda-stack.ts';

const template = Template.fromStack(
  new LambdaStack(testApp(), 'Functions', { ...stackProps(testEnvironment()), bundles: TEST_BUNDLES }),
);

/** What the code of a function may do: actions by the parameter its resource comes from. */
function grantsOf(name: string): Record<string, string[]> {
  const [policy] = Object.values(
    template.findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp(`^${name}Role`) } }),
  );
  const statements: { Effect: string; Action: string | string[]; Resource: unknown }[] =
    policy?.['Properties'].PolicyDocument.Statement;
  return Object.fromEntries(
    statements
      .map(({ Action, Resource }) => [JSON.stringify(Resource), [Action].flat()] as const)
      .filter(([resource]) => resource.includes('SsmParameter'))
      .map(([resource, actions]) => [/tradingplatformtest([a-z]+)C96/.exec(resource)?.[1] ?? resource, actions]),
  );
}

it('makes both functions as large and as long as configured', () => {
  for (const name of ['order-intake', 'order-processing']) {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `${name}-test`,
      MemorySize: 640,
      Timeout: 35,
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/aws/lambda/${name}-test`,
      RetentionInDays: 90,
    });
  }
});

it('tells each function what it works with', () => {
  const shared = { ENVIRONMENT: 'test', LOG_LEVEL: 'INFO', POWERTOOLS_METRICS_NAMESPACE: 'TradingPlatform' };
  const parameter = (name: string) => ({ Ref: Match.stringLikeRegexp(`tradingplatformtest${name}`) });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        ...shared,
        POWERTOOLS_SERVICE_NAME: 'order-intake',
        TABLE_NAME: parameter('orderstablename'),
        QUEUE_URL: parameter('orderqueueurl'),
      },
    },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        ...shared,
        POWERTOOLS_SERVICE_NAME: 'order-processing',
        TABLE_NAME: parameter('orderstablename'),
        BUCKET_NAME: parameter('tradebucketname'),
      },
    },
  });
});

it('lets intake put and read orders and send them on, and nothing else', () => {
  assert.deepEqual(grantsOf('OrderIntake'), {
    orderstablename: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    orderqueuearn: ['sqs:SendMessage'],
  });
});

it('lets processing read and mark orders, write trades and work the queue off, and nothing else', () => {
  assert.deepEqual(grantsOf('OrderProcessing'), {
    orderstablename: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    tradebucketname: ['s3:PutObject'],
    orderqueuearn: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
  });
});

it('lets trades be written under their prefix alone', () => {
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 's3:PutObject',
          Resource: { 'Fn::Join': ['', ['arn:aws:s3:::', Match.anyValue(), '/trades/*']] },
        }),
      ]),
    },
  });
});

it('lets them out on port 443 only, and nobody in', () => {
  template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [Match.objectLike({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
    SecurityGroupIngress: Match.absent(),
  });
});

it('puts them into the private subnet of each zone', () => {
  const subnet = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': [',', Match.anyValue()] }] });
  template.allResourcesProperties('AWS::Lambda::Function', {
    VpcConfig: Match.objectLike({ SubnetIds: [subnet(0), subnet(1), subnet(2)] }),
  });
});

it('has the alias of processing take the queue, and answer for each message', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    FunctionName: { 'Fn::Join': ['', [Match.anyValue(), ':live']] },
  });
});

it('publishes both aliases', () => {
  for (const name of ['order-intake', 'order-processing']) {
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: `/trading-platform/test/${name}-alias-arn`,
      Value: { Ref: Match.stringLikeRegexp('Live') },
    });
  }
});
