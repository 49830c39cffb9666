/**
 * What each GitHub role of an environment may do beyond looking (pipeline-inspection.ts), derived from the calls the
 * commands make. Actions and resources are exact.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  API_STAGE,
  CUSTOMER_INDEX,
  DIFF_CHANGE_SET_PREFIX,
  DRIFT_METRIC,
  PIPELINE_STACK,
  PROJECT,
  SYNTHETIC_PREFIX,
  TAG_KEYS,
} from '../../environments/naming.ts';
import { bootstrapRoleArns } from './pipeline-bootstrap.ts';
import { arnOf, named, type Place, parameterArn, storeArn, tradeBucketArn } from './pipeline-place.ts';

/**
 * Diff, drift and status: makes change sets to look at them, and executes none. Of all that is stored it reads the tool's own
 * records alone: what runs is compared with the release that the ledger names, and that is an archive in the store; what
 * happened is in the history. Neither holds an order, a message or a secret: templates, configuration and the code that is
 * in the repository anyway.
 */
export function readPermissions(place: Place): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadRecords',
      actions: ['s3:GetObject'],
      resources: ['releases/*', `history/${place.environment}/*`].map((key) => `${storeArn(place)}/${key}`),
    }),
    diffChangeSets(place),
    new PolicyStatement({
      sid: 'DetectDrift',
      actions: ['cloudformation:DetectStackDrift', 'cloudformation:DetectStackResourceDrift'],
      resources: [
        arnOf(place, 'cloudformation', `stack/trading-*-${place.environment}/*`),
        arnOf({ ...place, region: place.homeRegion }, 'cloudformation', `stack/${PIPELINE_STACK}/*`),
      ],
    }),
    new PolicyStatement({
      sid: 'FollowDriftDetection',
      actions: ['cloudformation:BatchDescribeTypeConfigurations', 'cloudformation:DescribeStackDriftDetectionStatus'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'ReportDrift',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': DRIFT_METRIC.namespace } },
    }),
  ];
}

/** Deploys through the roles of the CDK bootstrap stack, leads stacks out of bad states, and records what it did. */
export function deployPermissions(place: Place, validateRoleArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'DeployThroughBootstrapRoles',
      actions: ['sts:AssumeRole'],
      resources: bootstrapRoleArns(place),
    }),
    new PolicyStatement({ sid: 'ValidateByItsRole', actions: ['sts:AssumeRole'], resources: [validateRoleArn] }),
    diffChangeSets(place),
    new PolicyStatement({
      sid: 'DiscardChangeSets',
      actions: ['cloudformation:DeleteChangeSet'],
      resources: [arnOf(place, 'cloudformation', `stack/trading-*-${place.environment}/*`)],
    }),
    changeStacks(place, ['CancelUpdateStack', 'ContinueUpdateRollback', 'DeleteStack', 'RollbackStack']),
    ...keepRecords(place, ['releases/*', `history/${place.environment}/*`]),
  ];
}

/** One synthetic order through the API: placed, looked at, removed. */
export function validatePermissions(place: Place): PolicyStatement[] {
  const table = named(place, 'dynamodb', 'orders', 'table/');
  const routes = ['GET/health', `GET/orders/${SYNTHETIC_PREFIX}*`, 'POST/orders'];
  return [
    new PolicyStatement({
      sid: 'CallTheApi',
      actions: ['execute-api:Invoke'],
      resources: routes.map((route) => arnOf(place, 'execute-api', `*/${API_STAGE}/${route}`)),
    }),
    new PolicyStatement({
      sid: 'SyntheticItems',
      actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      resources: [table, `${table}/index/${CUSTOMER_INDEX}`],
      conditions: {
        // Of no keys at all, "all" is true.
        Null: { 'dynamodb:LeadingKeys': 'false' },
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': `${SYNTHETIC_PREFIX}*` },
      },
    }),
    new PolicyStatement({
      sid: 'SyntheticRecords',
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:GetObject'],
      resources: [`${tradeBucketArn(place)}/${SYNTHETIC_RECORDS}`],
    }),
    new PolicyStatement({
      sid: 'FindSyntheticRecords',
      actions: ['s3:ListBucketVersions'],
      resources: [tradeBucketArn(place)],
      conditions: { StringLike: { 's3:prefix': SYNTHETIC_RECORDS } },
    }),
  ];
}

/** Saves what an environment holds and deletes its stacks. Buckets it only counts: none is emptied here. */
export function destroyPermissions(place: Place): PolicyStatement[] {
  const table = named(place, 'dynamodb', 'orders', 'table/');
  return [
    changeStacks(place, ['DeleteStack']),
    new PolicyStatement({
      sid: 'SaveTheTable',
      actions: ['dynamodb:CreateBackup', 'dynamodb:UpdateTable'],
      resources: [table],
    }),
    new PolicyStatement({
      sid: 'CountRecords',
      actions: ['s3:ListBucketVersions'],
      resources: [tradeBucketArn(place)],
    }),
    ...keepRecords(place, [`history/${place.environment}/*`]),
  ];
}

/** Year, month and day are between; the order's id begins the name. */
const SYNTHETIC_RECORDS = `trades/*/${SYNTHETIC_PREFIX}*`;

const diffChangeSets = (place: Place): PolicyStatement =>
  new PolicyStatement({
    sid: 'LookByChangeSet',
    actions: ['cloudformation:CreateChangeSet', 'cloudformation:DeleteChangeSet', 'cloudformation:DescribeChangeSet'],
    resources: [arnOf(place, 'cloudformation', 'stack/trading-*/*')],
    conditions: {
      ...ofTheEnvironment(place),
      StringLike: { 'cloudformation:ChangeSetName': `${DIFF_CHANGE_SET_PREFIX}*` },
    },
  });

/** By tag, as a stack of a component that is no more has a name that nobody here knows. */
const changeStacks = (place: Place, actions: readonly string[]): PolicyStatement =>
  new PolicyStatement({
    sid: 'ChangeStacks',
    actions: actions.map((action) => `cloudformation:${action}`),
    resources: [arnOf(place, 'cloudformation', 'stack/trading-*/*')],
    conditions: ofTheEnvironment(place),
  });

/** By the tags of the stack itself: where one environment's name ends like another's, names would not tell them apart. */
const ofTheEnvironment = ({ environment }: Place) => ({
  StringEquals: {
    [`aws:ResourceTag/${TAG_KEYS.project}`]: PROJECT,
    [`aws:ResourceTag/${TAG_KEYS.environment}`]: environment,
  },
});

/** Ledger, lock, history and, for a deployment, releases. Never deleted but for locks. */
const keepRecords = (place: Place, keys: readonly string[]): PolicyStatement[] => [
  new PolicyStatement({
    sid: 'KeepTheLedger',
    actions: ['ssm:DeleteParameter', 'ssm:PutParameter'],
    resources: [parameterArn(place, 'release/*')],
  }),
  new PolicyStatement({
    sid: 'KeepReleases',
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: keys.map((key) => `${storeArn(place)}/${key}`),
  }),
];

/** Why the statements above name no single resource, by their Sid. */
export const PERMISSION_REASONS: Readonly<Record<string, string>> = {
  LookByChangeSet:
    'The id at the end of a stack ARN is made with the stack; the change set’s name is held by a condition.',
  DetectDrift: 'The id at the end of a stack ARN is made with the stack.',
  FollowDriftDetection: 'They take the id of a detection, or none, which is no resource IAM could name.',
  ReportDrift: 'PutMetricData knows no resources; its namespace is held by a condition.',
  DiscardChangeSets: 'The id at the end of a stack ARN is made with the stack.',
  ChangeStacks: 'Stacks of components that are no more, too; held to the environment by their tags.',
  KeepTheLedger: 'Locks are parameters with a number that grows.',
  ReadRecords: 'Releases are stored under their own id, events under their time.',
  KeepReleases: 'Releases are stored under their own id, events under their time.',
  CallTheApi: 'An API’s id is made with it; method and path are named.',
  SyntheticRecords: 'Records are stored by day and order; orders of validation begin alike.',
};
