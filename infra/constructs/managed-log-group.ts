/**
 * A log group that exists before anything writes to it: with a name people can type, a retention, and an end. One that
 * a service makes by itself is kept, and paid for, for ever.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface ManagedLogGroupProps {
  /** `/aws/lambda/order-intake-dev` */
  readonly logGroupName: string;
  /** Days until an entry is deleted. */
  readonly retentionDays: RetentionDays;
}

export class ManagedLogGroup extends LogGroup {
  constructor(scope: Construct, id: string, props: ManagedLogGroupProps) {
    super(scope, id, {
      logGroupName: props.logGroupName,
      retention: props.retentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
