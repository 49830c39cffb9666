/** Is the orders table as the environment's JSON says: capacity, scaling, recovery, protection? */
import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  type ScalableTarget,
  type ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { CUSTOMER_INDEX, resourceName } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { assess, assessPresent, type Expectation, type Subject } from '../../core/validation/assess.ts';
import { between, exactly, type Matcher, none } from '../../core/validation/matchers.ts';
import { mapObservation, type Observation, partOf } from '../../core/validation/observation.ts';
import { observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext, remedyFor } from './probe.ts';

/** A dimension of capacity: its names in DynamoDB, in Application Auto Scaling, and in the JSON. */
interface Dimension {
  readonly kind: 'read' | 'write';
  readonly dynamo: 'ReadCapacityUnits' | 'WriteCapacityUnits';
  readonly lower: 'readCapacity' | 'writeCapacity';
  readonly upper: 'maxReadCapacity' | 'maxWriteCapacity';
}

const DIMENSIONS: readonly Dimension[] = [
  { kind: 'read', dynamo: 'ReadCapacityUnits', lower: 'readCapacity', upper: 'maxReadCapacity' },
  { kind: 'write', dynamo: 'WriteCapacityUnits', lower: 'writeCapacity', upper: 'maxWriteCapacity' },
];

export const table: Probe = {
  name: 'table',
  observe: async (context) => {
    const name = resourceName('orders', context.config.name);
    const subject: Subject = { name, resource: { type: 'AWS::DynamoDB::Table', id: name } };
    const { dynamodb } = context.clients;
    const [described, backups, scaling] = await Promise.all([
      observe((options) => dynamodb.send(new DescribeTableCommand({ TableName: name }), options)),
      observe((options) => dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name }), options)),
      observeScaling(name, context),
    ]);
    const checks = assessPresent(
      subject,
      'table.present',
      partOf(described, ({ Table }) => Table),
      tableExpectations(context),
    );
    if (described.state === 'missing') return checks;
    const recovery = mapObservation(
      backups,
      ({ ContinuousBackupsDescription }) =>
        ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED',
    );
    return [
      ...checks,
      ...assess(subject, recovery, [
        {
          id: 'table.point-in-time-recovery',
          expected: exactly(context.config.table.pointInTimeRecovery),
          actual: (enabled) => enabled,
          remedy: remedyFor(context, 'table.pointInTimeRecovery'),
        },
      ]),
      ...assessScaling(subject, scaling, context),
    ];
  },
};

function tableExpectations(context: ProbeContext): Expectation<TableDescription>[] {
  const { table: wanted } = context.config;
  return [
    ...DIMENSIONS.flatMap((dimension): Expectation<TableDescription>[] => [
      {
        id: `table.${dimension.kind}-capacity`,
        expected: capacity(dimension, context),
        actual: ({ ProvisionedThroughput }) => ProvisionedThroughput?.[dimension.dynamo],
        remedy: remedyFor(context, `table.${dimension.lower}`),
      },
      {
        id: `table.index-${dimension.kind}-capacity`,
        expected: capacity(dimension, context),
        actual: (description) => customerIndex(description)?.ProvisionedThroughput?.[dimension.dynamo],
        remedy: remedyFor(context, `table.${dimension.lower}`),
      },
    ]),
    {
      id: 'table.deletion-protection',
      expected: exactly(wanted.deletionProtection),
      actual: ({ DeletionProtectionEnabled }) => DeletionProtectionEnabled ?? false,
      remedy: remedyFor(context, 'table.deletionProtection'),
    },
    {
      id: 'table.key',
      expected: exactly(['orderId']),
      actual: ({ KeySchema }) => KeySchema?.map(({ AttributeName }) => AttributeName),
      remedy: 'The key of a table can’t be changed: this is another table under the same name.',
    },
    {
      id: 'table.customer-index',
      expected: exactly(['customerId', 'createdAt']),
      actual: (description) => customerIndex(description)?.KeySchema?.map(({ AttributeName }) => AttributeName),
      remedy: houseRemedy(context),
    },
    {
      id: 'table.status',
      expected: exactly('ACTIVE'),
      actual: ({ TableStatus }) => TableStatus,
      remedy: 'Wait, then validate again.',
    },
  ];
}

const customerIndex = ({ GlobalSecondaryIndexes }: TableDescription) =>
  GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === CUSTOMER_INDEX);

/** Auto-scaled capacity is right anywhere between its bounds. */
function capacity({ lower, upper }: Dimension, { config }: ProbeContext): Matcher {
  const { autoScaling } = config.table;
  return autoScaling === null ? exactly(config.table[lower]) : between(config.table[lower], autoScaling[upper]);
}

interface Scaling {
  readonly targets: readonly ScalableTarget[];
  readonly policies: readonly ScalingPolicy[];
}

/** Targets and policies of the table and its index; a handful, far below one page of 50. */
async function observeScaling(name: string, { clients }: ProbeContext): Promise<Observation<Scaling>> {
  const { applicationAutoScaling } = clients;
  const ids = [`table/${name}`, `table/${name}/index/${CUSTOMER_INDEX}`];
  return observe(async (options) => {
    const [targets, ...policies] = await Promise.all([
      applicationAutoScaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: 'dynamodb', ResourceIds: ids }),
        options,
      ),
      ...ids.map((ResourceId) =>
        applicationAutoScaling.send(
          new DescribeScalingPoliciesCommand({ ServiceNamespace: 'dynamodb', ResourceId }),
          options,
        ),
      ),
    ]);
    return {
      targets: targets.ScalableTargets ?? [],
      policies: policies.flatMap(({ ScalingPolicies }) => ScalingPolicies ?? []),
    };
  });
}

function assessScaling(subject: Subject, scaling: Observation<Scaling>, context: ProbeContext): Check[] {
  const { table: wanted } = context.config;
  const { autoScaling } = wanted;
  if (autoScaling === null) {
    return assess(subject, scaling, [
      {
        id: 'table.auto-scaling',
        expected: none('auto-scaling'),
        actual: ({ targets }) => targets.map(describeTarget),
        remedy: remedyFor(context, 'table.autoScaling'),
      },
    ]);
  }
  const bounds = DIMENSIONS.flatMap(({ kind, dynamo, lower, upper }) => [
    {
      id: `table.auto-scaling-${kind}`,
      of: `table/${subject.name}`,
      dimension: `dynamodb:table:${dynamo}`,
      min: wanted[lower],
      max: autoScaling[upper],
    },
    {
      id: `table.index-auto-scaling-${kind}`,
      of: `table/${subject.name}/index/${CUSTOMER_INDEX}`,
      dimension: `dynamodb:index:${dynamo}`,
      min: wanted[lower],
      max: autoScaling[upper],
    },
  ]);
  return bounds.flatMap(({ id, of, dimension, min, max }) => {
    // As CloudFormation calls it.
    const resource = { type: 'AWS::ApplicationAutoScaling::ScalableTarget', id: `${of}|${dimension}|dynamodb` };
    return assess({ name: subject.name, resource }, scaling, [
      {
        id,
        expected: exactly({ min, max, target: autoScaling.targetUtilizationPercent }),
        actual: ({ targets, policies }) => {
          const target = targets.find(({ ScalableDimension }) => ScalableDimension === dimension);
          const policy = policies.find(({ ScalableDimension }) => ScalableDimension === dimension);
          return {
            min: target?.MinCapacity ?? null,
            max: target?.MaxCapacity ?? null,
            target: policy?.TargetTrackingScalingPolicyConfiguration?.TargetValue ?? null,
          };
        },
        remedy: remedyFor(context, 'table.autoScaling'),
      },
    ]);
  });
}

const describeTarget = ({ ScalableDimension, MinCapacity, MaxCapacity }: ScalableTarget): string =>
  `${ScalableDimension} ${MinCapacity} to ${MaxCapacity}`;
