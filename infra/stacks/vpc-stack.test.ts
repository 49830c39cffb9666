import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { testEnvironment } from '../testing/test-environment.ts';
import { stackProps, testApp } from '../testing/test-stack.ts';
import { VpcStack } from './vpc-stack.ts';

const environment = testEnvironment();
const template = Template.fromStack(new VpcStack(testApp(), 'trading-vpc-test', stackProps(environment)));

it('has a public and a private subnet in each zone of the configuration', () => {
  const zones = (kind: string): string[] =>
    Object.values(
      template.findResources('AWS::EC2::Subnet', {
        Properties: { Tags: Match.arrayWith([{ Key: 'aws-cdk:subnet-name', Value: kind }]) },
      }),
    ).map(({ Properties }) => Properties.AvailabilityZone);
  assert.deepEqual(zones('public'), environment.network.availabilityZones);
  assert.deepEqual(zones('private'), environment.network.availabilityZones);
  template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
});

it('spans the configured range', () => {
  template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.77.0.0/16' });
});

for (const natGateways of [1, 2, 3]) {
  it(`has ${natGateways} NAT gateways when told so, and each private subnet a way out`, () => {
    const sections = { network: { ...environment.network, natGateways } };
    const stack = new VpcStack(testApp(), 'trading-vpc-test', stackProps(testEnvironment(sections)));
    const own = Template.fromStack(stack);
    own.resourceCountIs('AWS::EC2::NatGateway', natGateways);
    const natRoutes = own.findResources('AWS::EC2::Route', { Properties: { NatGatewayId: Match.anyValue() } });
    assert.equal(Object.keys(natRoutes).length, 3);
  });
}

it('empties the default security group, by a function that may touch that group alone', () => {
  template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  template.hasResourceProperties('AWS::IAM::Role', {
    Policies: [
      {
        PolicyName: 'Inline',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: Match.arrayWith(['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress']),
              Resource: [
                { 'Fn::Join': ['', ['arn:aws:ec2:eu-west-1:111122223333:security-group/', Match.anyValue()]] },
              ],
            },
          ],
        },
      },
    ],
  });
});

it('gives that function tags and a log group with an end, which CDK does not', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Handler: '__entrypoint__.handler',
    LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^DefaultGroupLogs') } },
    Tags: Match.arrayWith([{ Key: 'environment', Value: 'test' }]),
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/vpc/trading-vpc-test/default-group',
    RetentionInDays: 90,
  });
});

it('records all flows', () => {
  template.hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'ALL' });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/vpc/trading-vpc-test',
    RetentionInDays: 90,
  });
});

it('reaches S3 and DynamoDB without a NAT gateway', () => {
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
  template.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
});

it('publishes the VPC and its private subnets', () => {
  template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/trading-platform/test/vpc-id' });
  template.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/trading-platform/test/private-subnet-ids',
    Value: { 'Fn::Join': ['', [Match.anyValue(), ',', Match.anyValue(), ',', Match.anyValue()]] },
  });
});
