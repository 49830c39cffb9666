/**
 * The order functions. Intake takes orders in and answers about them; processing works the queue off. Each may touch
 * exactly what its steps need, and both may call out on port 443 only.
 */
import { Fn, Validations } from 'aws-cdk-lib';
import { type IVpc, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { LIVE_ALIAS, resourceName } from '../../environments/naming.ts';
import { PrivateFunction, type PrivateFunctionProps } from '../constructs/private-function.ts';
import { BaseStack, type BaseStackProps } from './base-stack.ts';

export type FunctionType = 'order-intake' | 'order-processing';

export interface LambdaStackProps extends BaseStackProps {
  /** Folder of each function's ready bundle. */
  readonly bundles: Readonly<Record<FunctionType, string>>;
}

export class LambdaStack extends BaseStack {
  constructor(scope: Construct, id: string, props: LambdaStackProps) {
    const { bundles, ...stackProps } = props;
    super(scope, id, { description: 'Order functions of the trading platform', ...stackProps });
    const { environment } = props;
    const table = this.read('orders-table-name');
    const bucket = this.read('trade-bucket-name');
    const queueArn = this.read('order-queue-arn');
    const tableArn = this.formatArn({ service: 'dynamodb', resource: 'table', resourceName: table });

    const vpc = this.network();
    const shared = { vpc, securityGroup: this.outboundHttps(vpc), ...functionDefaults(environment) };

    const intake = new PrivateFunction(this, 'OrderIntake', {
      ...shared,
      functionName: resourceName('order-intake', environment.name),
      description: 'Takes orders in, answers about them',
      bundleFolder: bundles['order-intake'],
      variables: {
        ...variables(environment, 'order-intake'),
        TABLE_NAME: table,
        QUEUE_URL: this.read('order-queue-url'),
      },
      permissions: [
        new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [tableArn] }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] }),
      ],
    });

    const processing = new PrivateFunction(this, 'OrderProcessing', {
      ...shared,
      functionName: resourceName('order-processing', environment.name),
      description: 'Turns queued orders into trade records',
      bundleFolder: bundles['order-processing'],
      variables: { ...variables(environment, 'order-processing'), TABLE_NAME: table, BUCKET_NAME: bucket },
      permissions: [
        new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], resources: [tableArn] }),
        new PolicyStatement({
          sid: 'WriteTrades',
          actions: ['s3:PutObject'],
          resources: [
            this.formatArn({ service: 's3', region: '', account: '', resource: bucket, resourceName: 'trades/*' }),
          ],
        }),
        new PolicyStatement({
          actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
          resources: [queueArn],
        }),
      ],
    });
    Validations.of(processing).acknowledge({
      id: 'House-rules::wildcard-resource[WriteTrades]',
      reason: 'One object per order, under the prefix of trades; keys are made from orders.',
    });
    processing.alias.addEventSourceMapping('OrderQueue', {
      eventSourceArn: queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });

    this.publish('order-intake-alias-arn', intake.alias.functionArn, 'What the API calls');
    this.publish('order-processing-alias-arn', processing.alias.functionArn, 'What the order queue calls');
  }

  /** The VPC as the network stack published it: one private subnet for each zone of the configuration. */
  private network(): IVpc {
    const subnets = Fn.split(',', this.read('private-subnet-ids'));
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: this.read('vpc-id'),
      availabilityZones: this.availabilityZones,
      privateSubnetIds: this.availabilityZones.map((_, index) => Fn.select(index, subnets)),
    });
    Validations.of(vpc).acknowledge({
      id: '@aws-cdk/aws-ec2:noSubnetRouteTableId',
      reason: 'Functions need the subnets alone; their routes belong to the network stack.',
    });
    return vpc;
  }

  /**
   * Nothing in, and out only TLS. To any address: SQS, X-Ray and CloudWatch answer from public ranges that change,
   * and the prefix lists of S3 and DynamoDB have an id in each region that only a look-up could tell.
   */
  private outboundHttps(vpc: IVpc): SecurityGroup {
    const group = new SecurityGroup(this, 'OutboundHttps', {
      vpc,
      description: 'Order functions: outbound TLS only',
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS services');
    return group;
  }
}

function functionDefaults({ functions, logs }: EnvironmentConfig) {
  return {
    ...functions,
    logRetentionDays: logs.retentionDays,
    aliasName: LIVE_ALIAS,
  } satisfies Partial<PrivateFunctionProps>;
}

function variables(environment: EnvironmentConfig, service: FunctionType): Record<string, string> {
  return {
    ENVIRONMENT: environment.name,
    LOG_LEVEL: 'INFO',
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: 'TradingPlatform',
  };
}
