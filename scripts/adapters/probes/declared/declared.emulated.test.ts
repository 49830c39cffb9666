/**
 * Each resource beside its template, in an environment that is deployed for real: what no probe of `validate` looks at is
 * found by the property that differs, and of a type nobody reads it is said so.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { GetRestApisCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateRouteCommand, DeleteRouteCommand, DescribeRouteTablesCommand } from '@aws-sdk/client-ec2';
import { UpdateRoleDescriptionCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  ListEventSourceMappingsCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { API_STAGE, LIVE_ALIAS, resourceName } from '../../../../environments/naming.ts';
import type { Check } from '../../../core/check.ts';
import { DECLARED } from '../../../core/drift/drift-check.ts';
import { withDeployedEnvironments } from '../../../testing/deployed-environment.ts';
import { sharingAnswers } from '../../shared-answers.ts';
import { type DeployedStack, Inventory, loadInventory } from '../inventory.ts';
import type { ProbeContext } from '../probe.ts';
import { declared } from './declared.ts';

const { dev } = await withDeployedEnvironments({ after }, ['dev']);
const { apiGateway, cloudwatch, ec2, iam, lambda } = dev.clients;

async function contextNow(): Promise<ProbeContext> {
  const clients = sharingAnswers(dev.clients);
  return { target: dev.target, config: dev.config, clients, inventory: await loadInventory(dev.target, clients) };
}

type Found = Check & { readonly property?: string };
const notPassed = async (context?: ProbeContext): Promise<readonly Found[]> =>
  (await declared.observe(context ?? (await contextNow()))).filter(
    ({ status, id }) => status !== 'pass' && id !== DECLARED.notKept,
  );

type Undo = () => Promise<unknown>;
interface Change {
  readonly type: string;
  readonly property: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly apply: () => Promise<Undo>;
}

interface PermissionStatement {
  readonly Sid: string;
  readonly Action: string;
  readonly Principal: { readonly Service: string };
  readonly Condition: { readonly ArnLike: { readonly 'AWS:SourceArn': string } };
}

const intake = resourceName('order-intake', 'dev');
const processing = resourceName('order-processing', 'dev');

const CHANGES: readonly Change[] = [
  {
    type: 'AWS::EC2::Route',
    property: DECLARED.present,
    expected: 'present',
    actual: 'missing',
    apply: async () => {
      const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
      const route = RouteTables.flatMap(({ RouteTableId, Routes = [] }) =>
        Routes.filter(({ NatGatewayId }) => NatGatewayId !== undefined).map(
          ({ NatGatewayId, DestinationCidrBlock }) => ({ RouteTableId, NatGatewayId, DestinationCidrBlock }),
        ),
      )[0];
      assert.ok(route);
      const { NatGatewayId, ...place } = route;
      await ec2.send(new DeleteRouteCommand(place));
      return () => ec2.send(new CreateRouteCommand({ ...place, NatGatewayId }));
    },
  },
  {
    type: 'AWS::Lambda::EventSourceMapping',
    property: '/BatchSize',
    expected: 10,
    actual: 3,
    apply: async () => {
      const FunctionName = `${processing}:${LIVE_ALIAS}`;
      const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
      const UUID = EventSourceMappings?.[0]?.UUID;
      const put = (BatchSize: number) => lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize }));
      await put(3);
      return () => put(10);
    },
  },
  {
    type: 'AWS::Lambda::Permission',
    property: DECLARED.present,
    expected: 'present',
    actual: 'missing',
    apply: async () => {
      const place = { FunctionName: intake, Qualifier: LIVE_ALIAS };
      const { Policy = '' } = await lambda.send(new GetPolicyCommand(place));
      const { Statement } = JSON.parse(Policy) as { readonly Statement: readonly PermissionStatement[] };
      const [statement] = Statement;
      assert.ok(statement);
      const { Sid: StatementId, Action, Principal, Condition } = statement;
      await lambda.send(new RemovePermissionCommand({ ...place, StatementId }));
      const SourceArn = Condition.ArnLike['AWS:SourceArn'];
      return () =>
        lambda.send(
          new AddPermissionCommand({ ...place, StatementId, Action, Principal: Principal.Service, SourceArn }),
        );
    },
  },
  {
    type: 'AWS::ApiGateway::Stage',
    property: '/MethodSettings/0/LoggingLevel',
    expected: 'ERROR',
    actual: 'OFF',
    apply: async () => {
      const restApiId = (await apiGateway.send(new GetRestApisCommand({}))).items?.[0]?.id;
      const put = (value: string) => {
        const patchOperations = [{ op: 'replace' as const, path: '/*/*/logging/loglevel', value }];
        return apiGateway.send(new UpdateStageCommand({ restApiId, stageName: API_STAGE, patchOperations }));
      };
      await put('OFF');
      return () => put('ERROR');
    },
  },
  {
    type: 'AWS::CloudWatch::Alarm',
    property: '/Period',
    expected: 300,
    actual: 60,
    apply: async () => {
      const AlarmNames = ['order-intake-errors-dev'];
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
      const alarm = MetricAlarms?.[0];
      assert.ok(alarm?.AlarmName !== undefined);
      const { AlarmName, ComparisonOperator, EvaluationPeriods } = alarm;
      const put = (Period: number | undefined) =>
        cloudwatch.send(
          new PutMetricAlarmCommand({ ...alarm, AlarmName, ComparisonOperator, EvaluationPeriods, Period }),
        );
      await put(60);
      return () => put(300);
    },
  },
  {
    type: 'AWS::IAM::Role',
    property: '/Description',
    expected: `What ${intake} may do`,
    actual: 'by hand',
    apply: async () => {
      const { Role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: intake }));
      const RoleName = Role?.split('/').at(-1);
      const put = (Description: string) => iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description }));
      await put('by hand');
      return () => put(`What ${intake} may do`);
    },
  },
];

test('an untouched environment is as declared, but for what the emulator does not give back', async () => {
  assert.deepEqual(await notPassed(), []);
});

for (const { type, property, expected, actual, apply } of CHANGES) {
  test(`${property} of ${type}`, async () => {
    const undo = await apply();
    try {
      const found = await notPassed();
      assert.deepEqual(
        found.map((check) => [check.resource?.type, check.property ?? check.id, check.expected, check.actual]),
        [[type, property, expected, actual]],
      );
    } finally {
      await undo();
    }
    assert.deepEqual(await notPassed(), []);
  });
}

test('a property that nobody reads, and a type that nobody knows, are unknown, by name', async () => {
  const context = await contextNow();
  const edit = (stack: DeployedStack): DeployedStack => {
    const { template, resources } = stack;
    if (stack.component !== 'sqs' || template.state !== 'observed' || resources.state !== 'observed') return stack;
    const queue = resources.value.find(({ type }) => type === 'AWS::SQS::Queue')?.logicalId ?? '';
    const was = template.value[queue];
    assert.ok(was);
    const novel = { Type: 'AWS::Novel::Thing', Properties: {} };
    const changed = { ...was, Properties: { ...was.Properties, DelaySeconds: 5 } };
    return {
      ...stack,
      template: { state: 'observed', value: { ...template.value, [queue]: changed, Novel: novel } },
      resources: {
        state: 'observed',
        value: [...resources.value, { type: novel.Type, logicalId: 'Novel', physicalId: 'novel-1' }],
      },
    };
  };
  const found = await notPassed({ ...context, inventory: new Inventory(context.inventory.stacks.map(edit)) });
  assert.deepEqual(found.map(({ id, status, detail }) => [id, status, detail]).sort(), [
    [DECLARED.unread, 'unknown', 'AWS::SQS::Queue: DelaySeconds could not be compared'],
    [DECLARED.unread, 'unknown', 'nothing here reads the properties of AWS::Novel::Thing'],
  ]);
});
