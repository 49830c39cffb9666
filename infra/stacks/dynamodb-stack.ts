/** The orders: one table by order id, one index by customer and time, capacity as configured. */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { CUSTOMER_INDEX, resourceName } from '../../environments/naming.ts';
import { BaseStack, type BaseStackProps } from './base-stack.ts';

export class DynamoDbStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, { description: 'Orders of the trading platform', ...props });
    const { name, table: config } = props.environment;
    const capacity = { readCapacity: config.readCapacity, writeCapacity: config.writeCapacity };

    const table = new Table(this, 'Orders', {
      tableName: resourceName('orders', name),
      partitionKey: { name: 'orderId', type: AttributeType.STRING },
      billingMode: BillingMode.PROVISIONED,
      ...capacity,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: config.pointInTimeRecovery },
      deletionProtection: config.deletionProtection,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    table.addGlobalSecondaryIndex({
      indexName: CUSTOMER_INDEX,
      partitionKey: { name: 'customerId', type: AttributeType.STRING },
      sortKey: { name: 'createdAt', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
      // A write to the table is a write to the index: with less capacity here the table would be throttled from behind.
      ...capacity,
    });
    if (config.autoScaling !== null) scaleWithLoad(table, config, config.autoScaling);

    if (!config.pointInTimeRecovery) {
      Validations.of(table).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason: 'The configuration switches recovery off here; it refuses that in production.',
      });
    }

    this.publish('orders-table-name', table.tableName, 'The table of orders');
  }
}

type TableConfig = EnvironmentConfig['table'];

/** Table and index scale alike; the configured capacity is the lower bound. */
function scaleWithLoad(table: Table, config: TableConfig, scaling: NonNullable<TableConfig['autoScaling']>): void {
  const reads = { minCapacity: config.readCapacity, maxCapacity: scaling.maxReadCapacity };
  const writes = { minCapacity: config.writeCapacity, maxCapacity: scaling.maxWriteCapacity };
  const target = { targetUtilizationPercent: scaling.targetUtilizationPercent };
  table.autoScaleReadCapacity(reads).scaleOnUtilization(target);
  table.autoScaleWriteCapacity(writes).scaleOnUtilization(target);
  table.autoScaleGlobalSecondaryIndexReadCapacity(CUSTOMER_INDEX, reads).scaleOnUtilization(target);
  table.autoScaleGlobalSecondaryIndexWriteCapacity(CUSTOMER_INDEX, writes).scaleOnUtilization(target);
}
