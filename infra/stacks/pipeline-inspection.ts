/**
 * What every role of an environment may look at: how things are set up, and none of what they hold. Validation and drift
 * ask with it, and CloudFormation's drift detection, which reads with the caller's own rights.
 */
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { API_LOGS_ROLE, PIPELINE_STACK, RELEASE_STORE_PARAMETER, stackName } from '../../environments/naming.ts';
import { GITHUB_ISSUER } from '../constructs/github-role.ts';
import { BOOTSTRAP_QUALIFIER } from './pipeline-bootstrap.ts';
import { arnOf, iamArn, named, type Place, parameterArn, storeArn, tradeBucketArn } from './pipeline-place.ts';

/** What one environment's roles may look at by name. */
export function environmentInspection(place: Place): PolicyStatement[] {
  const { environment } = place;
  const functions = ['order-intake', 'order-processing', stackName('vpc', environment)];
  return [
    new PolicyStatement({
      sid: 'ReadStacks',
      actions: ['DescribeStackEvents', 'DescribeStackResource*', 'GetTemplate', 'List*'].map(
        (action) => `cloudformation:${action}`,
      ),
      resources: [arnOf(place, 'cloudformation', `stack/trading-*-${environment}/*`)],
    }),
    new PolicyStatement({
      sid: 'ReadFunctions',
      actions: [
        'lambda:GetAlias',
        'lambda:GetFunction*',
        'lambda:GetPolicy',
        'lambda:GetRuntime*',
        'lambda:ListVersions*',
      ],
      resources: functions.map((name) => arnOf(place, 'lambda', `function:${name}-*`)),
    }),
    // Each action meets only the ARNs of its own service: one statement instead of one for each.
    new PolicyStatement({
      sid: 'ReadSettings',
      actions: [
        'dynamodb:Describe*',
        'dynamodb:GetResourcePolicy',
        'dynamodb:List*',
        'events:Describe*',
        'events:List*',
        's3:GetBucket*',
        's3:Get*Configuration',
        's3:ListBucket',
        'sns:Get*',
        'sns:List*',
        'sqs:GetQueue*',
        'sqs:ListQueueTags',
        'ssm:GetParameter*',
      ],
      resources: [
        named(place, 'dynamodb', 'orders', 'table/'),
        `${named(place, 'dynamodb', 'orders', 'table/')}/*`,
        arnOf(place, 'events', `rule/failed-stacks-${environment}`),
        tradeBucketArn(place),
        named(place, 'sns', 'trading-alarms'),
        named(place, 'sqs', 'order-queue'),
        named(place, 'sqs', 'order-dead-letter-queue'),
        parameterArn(place, '*'),
        ...(place.predecessor === undefined ? [] : [parameterArn(place, 'release/*', place.predecessor)]),
      ],
    }),
    new PolicyStatement({
      sid: 'ReadRoles',
      actions: ['iam:GetRole*', 'iam:ListAttached*', 'iam:ListRole*'],
      resources: [iamArn(place, `role/trading-*-${environment}-*`)],
    }),
  ];
}

export type AccountPlace = Pick<Place, 'partition' | 'account' | 'homeRegion'>;

/** What the roles of every environment of an account may look at: what is shared, and what has no name to go by. */
export function accountInspection(place: AccountPlace): PolicyStatement[] {
  const { partition, account, homeRegion } = place;
  const arn = (service: string, region: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  return [
    new PolicyStatement({ sid: 'ReadWhatHasNoNames', actions: NAMELESS, resources: ['*'] }),
    new PolicyStatement({
      sid: 'ReadThePipeline',
      actions: [
        'cloudformation:DescribeStack*',
        'cloudformation:GetTemplate',
        'cloudformation:ListStackResources',
        'iam:GetOpenIDConnectProvider',
        'iam:GetPolicy*',
        'iam:GetRole*',
        'iam:List*Policies',
        'iam:List*Tags',
        'iam:ListPolicyVersions',
        's3:GetBucket*',
        's3:Get*Configuration',
        's3:ListBucket',
        'ssm:GetParameter*',
      ],
      resources: [
        arn('cloudformation', homeRegion, `stack/${PIPELINE_STACK}/*`),
        iamArn(place, 'role/gitops-*'),
        iamArn(place, `role/${API_LOGS_ROLE}`),
        iamArn(place, 'policy/gitops-*'),
        iamArn(place, `oidc-provider/${GITHUB_ISSUER}`),
        storeArn(place),
        arn('ssm', homeRegion, `parameter${RELEASE_STORE_PARAMETER}`),
        arn('ssm', '*', `parameter/cdk-bootstrap/${BOOTSTRAP_QUALIFIER}/*`),
        // Whether code that runs now could be gone back to: listing tells what is gone, and no object is read.
        `arn:${partition}:s3:::cdk-${BOOTSTRAP_QUALIFIER}-assets-${account}-*`,
      ],
    }),
    new PolicyStatement({
      sid: 'ReadKeySettings',
      actions: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      resources: [arn('kms', '*', 'key/*')],
    }),
    new PolicyStatement({
      sid: 'ReadApis',
      actions: ['apigateway:GET'],
      resources: ['account', 'restapis*', 'tags/*', 'usageplans*'].map(
        (path) => `arn:${partition}:apigateway:*::/${path}`,
      ),
    }),
    // A parameter can be a SecureString, and a usage plan leads to the values of its API keys.
    new PolicyStatement({ sid: 'NoSecrets', effect: Effect.DENY, actions: ['kms:Decrypt'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'NoApiKeys',
      effect: Effect.DENY,
      actions: ['apigateway:GET'],
      resources: [`arn:${partition}:apigateway:*::/usageplans/*/keys*`],
    }),
  ];
}

/** Services that name no resources for them, or ids that nobody can know beforehand. */
const NAMELESS = [
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
  'application-autoscaling:ListTagsForResource',
  'cloudformation:DescribeStacks',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetDashboard',
  'cloudwatch:ListTagsForResource',
  'ec2:DescribeAddresses',
  'ec2:DescribeFlowLogs',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeNatGateways',
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroup*',
  'ec2:DescribeSubnets',
  'ec2:DescribeTags',
  'ec2:DescribeVpc*',
  'kms:ListAliases',
  'lambda:GetEventSourceMapping',
  'lambda:ListEventSourceMappings',
  'lambda:ListTags',
  'logs:DescribeIndexPolicies',
  'logs:DescribeLogGroups',
  'logs:GetDataProtectionPolicy',
  'logs:ListTagsForResource',
  'ssm:DescribeParameters',
  'ssm:ListTagsForResource',
];

/** Why the statements above name no single resource, by their Sid. */
export const INSPECTION_REASONS: Readonly<Record<string, string>> = {
  ReadStacks:
    'The id at the end of a stack ARN is made with the stack; a component that was removed is still looked at.',
  ReadFunctions: 'Versions and aliases, and the name CloudFormation gives to CDK’s own function.',
  ReadSettings: 'Indexes and backups of one table, and the parameters of one environment, all of them.',
  ReadRoles: 'CloudFormation ends the names of stack roles.',
  ReadWhatHasNoNames: 'These describe what has an id nobody knows beforehand, or know no resources at all.',
  ReadThePipeline: 'Roles and policies of all environments of the account; drift is looked for in them too.',
  ReadKeySettings: 'A key’s id is made with it; its settings are read, and nothing is encrypted or decrypted.',
  ReadApis: 'An API’s id is made with it, and says nothing of the environment.',
};
