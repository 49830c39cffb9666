/**
 * The network of an environment: its own VPC, public and private subnets in each zone, NAT as configured, flow logs,
 * and a free private way to S3 and DynamoDB.
 */
import { Validations } from 'aws-cdk-lib';
import { FlowLogDestination, GatewayVpcEndpointAwsService, IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { adoptDefaultGroupFunction } from '../constructs/default-group-function.ts';
import { ManagedLogGroup } from '../constructs/managed-log-group.ts';
import { BaseStack, type BaseStackProps } from './base-stack.ts';

export class VpcStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, { description: 'Network of the trading platform', ...props });
    const { network, logs } = props.environment;

    const flowLogs = new ManagedLogGroup(this, 'FlowLogs', {
      logGroupName: `/aws/vpc/${id}`,
      retentionDays: logs.retentionDays,
    });

    const vpc = new Vpc(this, 'Vpc', {
      vpcName: id,
      ipAddresses: IpAddresses.cidr(network.cidr),
      maxAzs: network.availabilityZones.length,
      natGateways: network.natGateways,
      subnetConfiguration: [
        // Only NAT gateways live here, and they bring their own addresses.
        { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      ],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      flowLogs: { All: { destination: FlowLogDestination.toCloudWatchLogs(flowLogs) } },
      // CloudFormation can't take the two rules out that AWS puts into a VPC's default group, so CDK's own function
      // does. It runs when the VPC is made or its account changes, and may do no more than edit that one group.
      restrictDefaultSecurityGroup: true,
    });

    adoptDefaultGroupFunction(this, {
      logGroupName: `/aws/vpc/${id}/default-group`,
      logRetentionDays: logs.retentionDays,
    });
    Validations.of(vpc).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason: 'Zones are configuration: a synth that looked them up would need credentials.',
    });

    this.publish('vpc-id', vpc.vpcId, 'The VPC');
    this.publish(
      'private-subnet-ids',
      vpc.privateSubnets.map(({ subnetId }) => subnetId).join(','),
      'Private subnets, one per availability zone, separated by commas',
    );
  }
}
