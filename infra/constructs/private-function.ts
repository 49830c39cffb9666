/**
 * A function as this house wants it: in private subnets, a role that may do what it is told here and no more, its own
 * log group, tracing, and an alias that a deployment moves and a rollback moves back.
 */
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ManagedLogGroup } from './managed-log-group.ts';

export interface PrivateFunctionProps {
  readonly functionName: string;
  readonly description: string;
  /** A ready folder with `index.js` and `index.js.map`; nothing is built here. */
  readonly bundleFolder: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly logRetentionDays: RetentionDays;
  readonly variables: Readonly<Record<string, string>>;
  /** The alias callers use. */
  readonly aliasName: string;
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;
  /** What the code may do, exactly. Logs, traces and network interfaces are added here. */
  readonly permissions: readonly PolicyStatement[];
}

export class PrivateFunction extends Construct {
  readonly function: LambdaFunction;
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: PrivateFunctionProps) {
    super(scope, id);
    const logGroup = new ManagedLogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retentionDays: props.logRetentionDays,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.functionName} may do`,
    });
    logGroup.grantWrite(role);
    for (const statement of [...networkInterfaces(this, props.functionName), ...props.permissions]) {
      role.addToPrincipalPolicy(statement);
    }

    this.function = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.bundleFolder),
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...props.variables, NODE_OPTIONS: '--enable-source-maps' },
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      vpc: props.vpc,
      vpcSubnets: { subnets: props.vpc.privateSubnets },
      securityGroups: [props.securityGroup],
    });
    Validations.of(role).acknowledge(
      {
        id: 'House-rules::wildcard-resource[LambdaManagesNetworkInterfaces]',
        reason: 'Lambda asks for it on every resource; the next statement takes it from the code.',
      },
      { id: 'House-rules::wildcard-resource[xray:PutTelemetryRecords]', reason: 'X-Ray knows no resources to name.' },
    );
    this.alias = new Alias(this, 'Live', { aliasName: props.aliasName, version: this.function.currentVersion });
  }
}

const MANAGE_NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * The Lambda service puts a function into a VPC with the function's own role, and asks for these actions on every
 * resource. The code needs none of them, so calls that come from it are denied.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function networkInterfaces(scope: Construct, functionName: string): PolicyStatement[] {
  const functionArn = Stack.of(scope).formatArn({ service: 'lambda', resource: `function:${functionName}` });
  const anywhere = { actions: MANAGE_NETWORK_INTERFACES, resources: ['*'] };
  return [
    new PolicyStatement({ sid: 'LambdaManagesNetworkInterfaces', ...anywhere }),
    new PolicyStatement({
      sid: 'CodeManagesNone',
      effect: Effect.DENY,
      ...anywhere,
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    }),
  ];
}
