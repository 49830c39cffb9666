/**
 * Application Auto Scaling, whose API and types are all ours.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { emulatedStack } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';

const ACCOUNT = '210000000003';
const account = await withEmulatedAccount({ after }, { account: ACCOUNT });

test('scalable targets and scaling policies are in the API of Application Auto Scaling', async () => {
  const scaling = new ApplicationAutoScalingClient(account.client);
  const scaled = emulatedStack(account, 'scaled');
  const resources = (max: number): Record<string, unknown> => ({
    Target: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      Properties: {
        ServiceNamespace: 'dynamodb',
        ResourceId: 'table/orders',
        ScalableDimension: 'dynamodb:table:ReadCapacityUnits',
        MinCapacity: 25,
        MaxCapacity: max,
        RoleARN: `arn:aws:iam::${ACCOUNT}:role/scaling`,
      },
    },
    Policy: {
      Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      Properties: {
        PolicyName: 'read',
        PolicyType: 'TargetTrackingScaling',
        ScalingTargetId: { Ref: 'Target' },
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 70,
          PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBReadCapacityUtilization' },
        },
      },
    },
  });
  const describe = new DescribeScalableTargetsCommand({ ServiceNamespace: 'dynamodb', ResourceIds: ['table/orders'] });

  const first = await scaled.put(resources(250), { outputs: { Target: { Ref: 'Target' } } });
  assert.equal(first['Target'], 'table/orders|dynamodb:table:ReadCapacityUnits|dynamodb');
  await scaled.put(resources(300));
  const { ScalableTargets: [target] = [] } = await scaling.send(describe);
  assert.deepEqual([target?.MinCapacity, target?.MaxCapacity], [25, 300]);
  const { ScalingPolicies: [policy] = [] } = await scaling.send(
    new DescribeScalingPoliciesCommand({ ServiceNamespace: 'dynamodb', ResourceId: 'table/orders' }),
  );
  assert.equal(policy?.TargetTrackingScalingPolicyConfiguration?.TargetValue, 70);

  await scaled.delete();
  assert.deepEqual((await scaling.send(describe)).ScalableTargets, []);
});
