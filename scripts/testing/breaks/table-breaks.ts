/** Breaks of the orders table: capacity, scaling, recovery, protection. */
import {
  DeregisterScalableTargetCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  type DescribeTableCommandOutput,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { CUSTOMER_INDEX, resourceName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import { type Break, rewriteAnswer } from './break.ts';

const tableName = ({ config }: DeployedEnvironment): string => resourceName('orders', config.name);

const capacity = (id: string, kind: 'read' | 'write', index: boolean): Break => ({
  id,
  of: tableName,
  apply: async (environment) => {
    const { readCapacity, writeCapacity } = environment.config.table;
    const right = { ReadCapacityUnits: readCapacity, WriteCapacityUnits: writeCapacity };
    const wrong = { ...right, [kind === 'read' ? 'ReadCapacityUnits' : 'WriteCapacityUnits']: 77 };
    const put = (ProvisionedThroughput: typeof right) =>
      environment.clients.dynamodb.send(
        new UpdateTableCommand({
          TableName: tableName(environment),
          ...(index
            ? { GlobalSecondaryIndexUpdates: [{ Update: { IndexName: CUSTOMER_INDEX, ProvisionedThroughput } }] }
            : { ProvisionedThroughput }),
        }),
      );
    await put(wrong);
    return () => put(right);
  },
});

const describedTable = (id: string, change: Partial<NonNullable<DescribeTableCommandOutput['Table']>>): Break => ({
  id,
  of: tableName,
  apply: async ({ clients }) =>
    rewriteAnswer<DescribeTableCommandOutput>(clients.dynamodb, 'DescribeTableCommand', (answer) => ({
      ...answer,
      Table: { ...answer.Table, ...change },
    })),
});

const scaling = (id: string, dimension: 'ReadCapacityUnits' | 'WriteCapacityUnits', index: boolean): Break => ({
  id,
  of: tableName,
  in: 'prod',
  apply: async (environment) => {
    const { table } = environment.config;
    const [MinCapacity, MaxCapacity] =
      dimension === 'ReadCapacityUnits'
        ? [table.readCapacity, table.autoScaling?.maxReadCapacity ?? 0]
        : [table.writeCapacity, table.autoScaling?.maxWriteCapacity ?? 0];
    const put = (maximum: number) =>
      environment.clients.applicationAutoScaling.send(
        new RegisterScalableTargetCommand({
          ServiceNamespace: 'dynamodb',
          ResourceId: `table/${tableName(environment)}${index ? `/index/${CUSTOMER_INDEX}` : ''}`,
          ScalableDimension: `dynamodb:${index ? 'index' : 'table'}:${dimension}`,
          MinCapacity,
          MaxCapacity: maximum,
        }),
      );
    await put(MaxCapacity + 1);
    return () => put(MaxCapacity);
  },
});

export const TABLE_BREAKS: readonly Break[] = [
  capacity('table.read-capacity', 'read', false),
  capacity('table.write-capacity', 'write', false),
  capacity('table.index-read-capacity', 'read', true),
  capacity('table.index-write-capacity', 'write', true),
  describedTable('table.status', { TableStatus: 'UPDATING' }),
  describedTable('table.key', { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }),
  {
    id: 'table.customer-index',
    of: tableName,
    apply: async ({ clients }) =>
      rewriteAnswer<DescribeTableCommandOutput>(clients.dynamodb, 'DescribeTableCommand', (answer) => ({
        ...answer,
        Table: {
          ...answer.Table,
          GlobalSecondaryIndexes: answer.Table?.GlobalSecondaryIndexes?.map((index) => ({ ...index, KeySchema: [] })),
        },
      })),
  },
  {
    id: 'table.deletion-protection',
    of: tableName,
    in: 'prod',
    apply: async (environment) => {
      const put = (DeletionProtectionEnabled: boolean) =>
        environment.clients.dynamodb.send(
          new UpdateTableCommand({ TableName: tableName(environment), DeletionProtectionEnabled }),
        );
      await put(false);
      return () => put(true);
    },
  },
  {
    id: 'table.point-in-time-recovery',
    of: tableName,
    in: 'prod',
    apply: async (environment) => {
      const put = (PointInTimeRecoveryEnabled: boolean) =>
        environment.clients.dynamodb.send(
          new UpdateContinuousBackupsCommand({
            TableName: tableName(environment),
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
          }),
        );
      await put(false);
      return () => put(true);
    },
  },
  {
    id: 'table.auto-scaling',
    of: tableName,
    apply: async (environment) => {
      const target = {
        ServiceNamespace: 'dynamodb',
        ResourceId: `table/${tableName(environment)}`,
        ScalableDimension: 'dynamodb:table:ReadCapacityUnits',
      } as const;
      const { applicationAutoScaling } = environment.clients;
      await applicationAutoScaling.send(
        new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 9 }),
      );
      return () => applicationAutoScaling.send(new DeregisterScalableTargetCommand(target));
    },
  },
  scaling('table.auto-scaling-read', 'ReadCapacityUnits', false),
  scaling('table.auto-scaling-write', 'WriteCapacityUnits', false),
  scaling('table.index-auto-scaling-read', 'ReadCapacityUnits', true),
  scaling('table.index-auto-scaling-write', 'WriteCapacityUnits', true),
];
