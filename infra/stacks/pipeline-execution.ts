/**
 * What CloudFormation may do for a deployment, instead of everything: the services in use, by the names this house gives;
 * and of IAM only roles below the boundary. What a merge deploys can't reach who may merge and deploy.
 */
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { API_LOGS_ROLE, PROJECT, RELEASE_STORE_PARAMETER, RELEASE_STORE_PREFIX } from '../../environments/naming.ts';
import { GITHUB_ISSUER } from '../constructs/github-role.ts';
import { BOOTSTRAP_QUALIFIER } from './pipeline-bootstrap.ts';
import type { AccountPlace } from './pipeline-boundary.ts';
import { iamArn } from './pipeline-place.ts';

/** @param boundaryArn the boundary every role has to bear */
export function executionStatements(place: AccountPlace, boundaryArn: string): PolicyStatement[] {
  return [...serviceStatements(place), ...roleStatements(place, boundaryArn), ...denials(place)];
}

function serviceStatements({ partition, account }: AccountPlace): PolicyStatement[] {
  const arn = (service: string, resource: string): string => `arn:${partition}:${service}:*:${account}:${resource}`;
  const s3 = (name: string): string => `arn:${partition}:s3:::${name}`;
  return [
    new PolicyStatement({ sid: 'Nameless', actions: NAMELESS, resources: ['*'] }),
    new PolicyStatement({
      sid: 'Functions',
      actions: verbs(
        'lambda',
        ['Create', 'Delete', 'Get', 'List', 'Publish', 'Put', 'Tag', 'Untag', 'Update'],
        ['AddPermission', 'RemovePermission'],
      ),
      resources: [arn('lambda', 'function:order-*'), arn('lambda', 'function:trading-*')],
    }),
    new PolicyStatement({
      sid: 'CustomResources',
      actions: ['lambda:InvokeFunction'],
      resources: [arn('lambda', 'function:trading-*')],
    }),
    new PolicyStatement({
      sid: 'Code',
      actions: ['s3:GetObject'],
      resources: [s3(`cdk-${BOOTSTRAP_QUALIFIER}-assets-${account}-*/*`)],
    }),
    // Each action meets only the ARNs of its own service: one statement instead of one for each. No data: no item, object
    // or message.
    new PolicyStatement({
      sid: 'NamedSettings',
      actions: [
        ...verbs(
          'dynamodb',
          ['Describe', 'List', 'Tag', 'Untag'],
          ['CreateTable', 'DeleteTable', '*ResourcePolicy', 'UpdateCon*', 'UpdateKinesis*', 'UpdateT*'],
        ),
        ...verbs(
          's3',
          ['DeleteBucket', 'GetBucket', 'List', 'PutBucket', 'Tag', 'Untag'],
          ['CreateBucket', 'Get*Configuration', 'Put*Configuration'],
        ),
        ...verbs(
          'sns',
          ['Get', 'List', 'Set', 'Tag', 'Untag'],
          ['CreateTopic', 'DeleteTopic', 'PutDataProtectionPolicy', 'Subscribe', 'Unsubscribe'],
        ),
        ...verbs('sqs', ['GetQueue', 'List', 'Tag', 'Untag'], ['CreateQueue', 'DeleteQueue', 'SetQueueAttributes']),
        ...verbs(
          'ssm',
          ['DeleteParameter', 'GetParameter'],
          ['AddTagsToResource', 'ListTagsForResource', 'PutParameter', 'RemoveTagsFromResource'],
        ),
      ],
      resources: [
        arn('dynamodb', 'table/orders-*'),
        s3('trade-data-*'),
        arn('sns', 'trading-alarms-*'),
        arn('sqs', 'order-*'),
        arn('ssm', `parameter/${PROJECT}/*`),
      ],
    }),
    new PolicyStatement({
      sid: 'Keys',
      actions: [...verbs('kms', ['Describe', 'Disable', 'Enable', 'GetKey', 'List', 'PutKey', 'Update'], []), ...KEYS],
      resources: [arn('kms', 'key/*'), arn('kms', 'alias/trading-alarms-*')],
    }),
    // Services that hold settings and nothing else.
    new PolicyStatement({ sid: 'Scaling', actions: ['application-autoscaling:*'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'RulesAndApis',
      actions: ['apigateway:*', 'events:*'],
      resources: [
        arn('events', 'rule/failed-stacks-*'),
        ...['account', 'restapis*', 'tags/*', 'usageplans*'].map((path) => `arn:${partition}:apigateway:*::/${path}`),
      ],
    }),
    new PolicyStatement({
      sid: 'BootstrapVersion',
      actions: ['ssm:GetParameter', 'ssm:GetParameters'],
      resources: [arn('ssm', `parameter/cdk-bootstrap/${BOOTSTRAP_QUALIFIER}/version`)],
    }),
  ];
}

function roleStatements(place: AccountPlace, boundaryArn: string): PolicyStatement[] {
  const stackRoles = iamArn(place, 'role/trading-*');
  const scalingRole = iamArn(place, 'role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/*');
  return [
    new PolicyStatement({
      sid: 'RolesBelowTheBoundary',
      actions: ['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'],
      resources: [stackRoles],
      conditions: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } },
    }),
    new PolicyStatement({
      sid: 'Roles',
      actions: [
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:GetRole*',
        'iam:List*Role*',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole*',
      ],
      resources: [stackRoles],
    }),
    new PolicyStatement({
      sid: 'HandRolesOn',
      actions: ['iam:PassRole'],
      resources: [stackRoles, scalingRole],
      conditions: { StringEquals: { 'iam:PassedToService': [...SERVICES_WITH_ROLES, SCALING] } },
    }),
    new PolicyStatement({
      sid: 'ServiceRoles',
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [iamArn(place, 'role/aws-service-role/*')],
      conditions: { StringEquals: { 'iam:AWSServiceName': [SCALING, 'ops.apigateway.amazonaws.com'] } },
    }),
  ];
}

const SCALING = 'dynamodb.application-autoscaling.amazonaws.com';
const SERVICES_WITH_ROLES = ['apigateway.amazonaws.com', 'lambda.amazonaws.com', 'vpc-flow-logs.amazonaws.com'];

/** Said outright, so that it holds whatever else somebody attaches to the role. */
function denials(place: AccountPlace): PolicyStatement[] {
  const { partition, account } = place;
  const deny = { effect: Effect.DENY };
  const parameter = (name: string): string => `arn:${partition}:ssm:*:${account}:parameter${name}`;
  return [
    new PolicyStatement({
      sid: 'NotThePipeline',
      ...deny,
      actions: ['iam:*'],
      resources: [
        iamArn(place, 'role/gitops-*'),
        iamArn(place, 'policy/gitops-*'),
        iamArn(place, `role/cdk-${BOOTSTRAP_QUALIFIER}-*`),
        iamArn(place, `oidc-provider/${GITHUB_ISSUER}`),
      ],
    }),
    new PolicyStatement({
      sid: 'NotTheSharedRole',
      ...deny,
      actions: ['iam:Attach*', 'iam:Create*', 'iam:De*', 'iam:Put*', 'iam:Tag*', 'iam:Untag*', 'iam:Update*'],
      resources: [iamArn(place, `role/${API_LOGS_ROLE}`)],
    }),
    new PolicyStatement({
      sid: 'NoRoleOutOfItsBoundary',
      ...deny,
      actions: ['iam:DeleteRolePermissionsBoundary'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'NotTheLedger',
      ...deny,
      actions: ['ssm:AddTagsToResource', 'ssm:DeleteParameter*', 'ssm:PutParameter', 'ssm:RemoveTagsFromResource'],
      resources: [parameter(`/${PROJECT}/*/release/*`), parameter(RELEASE_STORE_PARAMETER)],
    }),
    new PolicyStatement({
      sid: 'NotTheStore',
      ...deny,
      actions: ['s3:*'],
      resources: [`arn:${partition}:s3:::${RELEASE_STORE_PREFIX}-*`],
    }),
  ];
}

/** `verbs('sqs', ['List'], ['CreateQueue'])`: every action that begins so, and these. */
const verbs = (service: string, beginnings: readonly string[], actions: readonly string[]): string[] => [
  ...beginnings.map((verb) => `${service}:${verb}*`),
  ...actions.map((action) => `${service}:${action}`),
];

const KEYS = ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:ScheduleKeyDeletion', 'kms:TagResource', 'kms:UntagResource'];

/** Services that know no resources for them, or resources whose id is made with them. */
const NAMELESS = [
  ...verbs(
    'application-autoscaling',
    ['Delete', 'Deregister', 'Describe', 'List', 'Put', 'Register', 'Tag', 'Untag'],
    [],
  ),
  ...verbs(
    'cloudwatch',
    ['Delete', 'Describe', 'Disable', 'Enable', 'Get', 'List', 'Tag', 'Untag'],
    ['PutCompositeAlarm', 'PutDashboard', 'PutMetricAlarm'],
  ),
  ...verbs(
    'ec2',
    ['Describe'],
    [
      '*Address',
      '*FlowLogs',
      '*InternetGateway',
      '*NatGateway',
      '*Route',
      '*RouteTable*',
      '*SecurityGroup*',
      '*Subnet*',
      '*Tags',
      '*Vpc',
      '*VpcAttribute',
      '*VpcEndpoint*',
    ],
  ),
  'kms:CreateKey',
  'kms:ListAliases',
  ...verbs('lambda', [], ['*EventSourceMapping*', 'ListTags', 'TagResource', 'UntagResource']),
  ...verbs(
    'logs',
    ['Delete', 'Describe', 'List', 'Put', 'Tag', 'Untag'],
    ['*LogDelivery', 'CreateLogGroup', 'GetDataProtectionPolicy'],
  ),
  'ssm:DescribeParameters',
];

/** Why the statements above name no single resource, by their Sid. */
export const EXECUTION_REASONS: Readonly<Record<string, string>> = {
  Nameless: 'Ids of networks, alarms and mappings are made with them, or the service knows no resources.',
  Functions: 'The functions of all environments of the account, which the policy serves.',
  CustomResources: 'CloudFormation calls CDK’s own function, whose name it made.',
  Code: 'Assets are named by their content.',
  NamedSettings:
    'What all environments of the account have, by the names this house gives; the ledger’s parameters are denied.',
  Keys: 'A key’s id is made with it; it is set up, and nothing is encrypted or decrypted.',
  Scaling: 'Scalable targets are described all together.',
  RulesAndApis: 'The rules of all environments of the account; an API’s id is made with it.',
  BootstrapVersion: 'In any region of the account.',
  RolesBelowTheBoundary: 'CloudFormation ends the names of stack roles; a condition holds them below the boundary.',
  Roles: 'CloudFormation ends the names of stack roles.',
  HandRolesOn: 'CloudFormation ends the names of stack roles; the services that get them are named.',
  ServiceRoles: 'AWS names them; the services are named.',
};

/** Why statements name no single action, by their Sid. */
export const WHOLE_SERVICE_REASONS: Readonly<Record<string, string>> = {
  Scaling: 'Nothing in it but settings; what CloudFormation calls grows with each version of a type.',
  RulesAndApis: 'Nothing in them but settings, and by name no bus, no API key and no domain is among them.',
};
