/**
 * All stacks of one environment and the order they deploy in. Values travel by SSM parameter, which orders nothing:
 * each dependency is said here.
 */
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type Component, ROLE_BOUNDARY, stackName } from '../../environments/naming.ts';
import { ApiStack } from './api-stack.ts';
import type { BaseStack } from './base-stack.ts';
import { DynamoDbStack } from './dynamodb-stack.ts';
import { LambdaStack, type LambdaStackProps } from './lambda-stack.ts';
import { MonitoringStack } from './monitoring-stack.ts';
import { S3Stack } from './s3-stack.ts';
import { SqsStack } from './sqs-stack.ts';
import { VpcStack } from './vpc-stack.ts';

export type EnvironmentStacksProps = Pick<LambdaStackProps, 'environment' | 'repository' | 'bundles'>;

/** Makes the stacks of `props.environment` below `scope`. */
export function addEnvironmentStacks(scope: Construct, props: EnvironmentStacksProps): Record<Component, BaseStack> {
  const { bundles, ...shared } = props;
  const id = (component: Component) => stackName(component, props.environment.name);

  const vpc = new VpcStack(scope, id('vpc'), shared);
  const dynamodb = new DynamoDbStack(scope, id('dynamodb'), shared);
  const s3 = new S3Stack(scope, id('s3'), shared);
  const sqs = new SqsStack(scope, id('sqs'), shared);
  const lambda = new LambdaStack(scope, id('lambda'), { ...shared, bundles });
  const api = new ApiStack(scope, id('api'), shared);
  const monitoring = new MonitoringStack(scope, id('monitoring'), shared);

  for (const source of [vpc, dynamodb, s3, sqs]) lambda.addStackDependency(source);
  api.addStackDependency(lambda);
  monitoring.addStackDependency(api);
  const stacks = { vpc, dynamodb, s3, sqs, lambda, api, monitoring };
  for (const stack of Object.values(stacks)) boundRoles(stack);
  return stacks;
}

/**
 * Every role below the boundary that PipelineStack made, CDK's own roles included: CloudFormation's policy lets it make
 * no others.
 */
function boundRoles(stack: BaseStack): void {
  PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'RoleBoundary', ROLE_BOUNDARY));
}
