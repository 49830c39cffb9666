/** What the GitHub roles of an environment may do, as statements. Actions and resources are exact. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { COMPONENTS, DRIFT_METRIC, PROJECT, stackName } from '../../environments/naming.ts';

export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly environment: string;
}

/** Diff, drift and status. */
export function readPermissions(place: Place): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadStacks',
      actions: [...DESCRIBE_STACKS, 'cloudformation:DescribeStackResourceDrifts', 'cloudformation:DetectStackDrift'],
      resources: stackArns(place),
    }),
    new PolicyStatement({
      sid: 'FollowDriftDetection',
      actions: ['cloudformation:DescribeStackDriftDetectionStatus'],
      resources: ['*'],
    }),
    readParameters(place),
    new PolicyStatement({
      sid: 'ReportDrift',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': DRIFT_METRIC.namespace } },
    }),
  ];
}

/** Deploys through the roles of the CDK bootstrap stack, and writes the ledger and the store of releases. */
export function deployPermissions(place: Place, storeArn: string): PolicyStatement[] {
  const { partition, account, region } = place;
  return [
    new PolicyStatement({
      sid: 'DeployThroughBootstrapRoles',
      actions: ['sts:AssumeRole'],
      resources: BOOTSTRAP_ROLES.map(
        (role) => `arn:${partition}:iam::${account}:role/cdk-${BOOTSTRAP_QUALIFIER}-${role}-role-${account}-${region}`,
      ),
    }),
    new PolicyStatement({ sid: 'ReadStacks', actions: DESCRIBE_STACKS, resources: stackArns(place) }),
    readParameters(place),
    new PolicyStatement({
      sid: 'KeepTheLedger',
      actions: ['ssm:DeleteParameter', 'ssm:PutParameter'],
      resources: [parameterArn(place, 'release/*')],
    }),
    new PolicyStatement({ sid: 'ListReleases', actions: ['s3:ListBucket'], resources: [storeArn] }),
    new PolicyStatement({
      sid: 'KeepReleases',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`${storeArn}/*`],
    }),
  ];
}

/** CDK's default: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
const BOOTSTRAP_QUALIFIER = 'hnb659fds';
const BOOTSTRAP_ROLES = ['deploy', 'file-publishing'];

const DESCRIBE_STACKS = [
  'cloudformation:DescribeStackEvents',
  'cloudformation:DescribeStackResources',
  'cloudformation:DescribeStacks',
  'cloudformation:GetTemplate',
  'cloudformation:ListStackResources',
];

const stackArns = ({ partition, account, region, environment }: Place): string[] =>
  COMPONENTS.map(
    (component) => `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName(component, environment)}/*`,
  );

const parameterArn = ({ partition, account, region, environment }: Place, name: string): string =>
  `arn:${partition}:ssm:${region}:${account}:parameter/${PROJECT}/${environment}/${name}`;

const readParameters = (place: Place): PolicyStatement =>
  new PolicyStatement({
    sid: 'ReadParameters',
    actions: ['ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
    resources: [parameterArn(place, '*')],
  });

/** Why the statements above name no single resource, by their Sid. */
export const WILDCARD_REASONS: Readonly<Record<string, string>> = {
  ReadStacks: 'The id at the end of a stack ARN is made with the stack.',
  FollowDriftDetection: 'It takes the id of a detection, which is no resource IAM could name.',
  ReadParameters: 'The parameters of one environment, all of them.',
  ReportDrift: 'PutMetricData knows no resources; its namespace is held by a condition.',
  KeepTheLedger: 'Locks are parameters with a number that grows.',
  KeepReleases: 'Releases are stored under their own id.',
};
