/**
 * Settings and tags of a template that ministack's handlers leave out, seen through the services' own APIs.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CloudWatchClient, ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConfigurationCommand, LambdaClient, ListTagsCommand } from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { emulatedStack, ownTags } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';

const ACCOUNT = '210000000009';
const account = await withEmulatedAccount({ after }, { account: ACCOUNT });
const tags = { owner: 'a' };

test('a function has its subnets and security groups, its event source mapping the tags', async () => {
  const lambda = new LambdaClient(account.client);
  const { Name = '', Mapping } = await emulatedStack(account, 'function').put(
    {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.1.0.0/24' } },
      Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'g', VpcId: { Ref: 'Vpc' } } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { ZipFile: 'exports.handler = async () => ({});' },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: `arn:aws:iam::${ACCOUNT}:role/r`,
          VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] },
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: { Ref: 'Function' }, EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
      },
    },
    { outputs: { Name: { Ref: 'Function' }, Mapping: { 'Fn::GetAtt': ['Mapping', 'EventSourceMappingArn'] } }, tags },
  );
  const { VpcConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: Name }));
  assert.equal(VpcConfig?.SubnetIds?.length, 1);
  assert.equal(VpcConfig?.SecurityGroupIds?.length, 1);
  const answer = await lambda.send(new ListTagsCommand({ Resource: Mapping }));
  assert.equal(answer.Tags?.['owner'], 'a');
});

test('a topic has its key', async () => {
  const { Topic } = await emulatedStack(account, 'topic').put(
    { Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'some-key' } } },
    { outputs: { Topic: { Ref: 'Topic' } } },
  );
  const { Attributes } = await new SNSClient(account.client).send(new GetTopicAttributesCommand({ TopicArn: Topic }));
  assert.equal(Attributes?.['KmsMasterKeyId'], 'some-key');
});

test('a dashboard has the tags of its stack', async () => {
  await emulatedStack(account, 'dashboard').put(
    { Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardName: 'board', DashboardBody: '{}' } } },
    { tags },
  );
  const { Tags } = await new CloudWatchClient(account.client).send(
    new ListTagsForResourceCommand({ ResourceARN: `arn:aws:cloudwatch::${ACCOUNT}:dashboard/board` }),
  );
  assert.deepEqual(ownTags(Tags), tags);
});
