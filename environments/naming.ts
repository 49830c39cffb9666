/**
 * The names that everything in an environment bears: the naming rule `{resource-type}-{environment}` in one place.
 *
 * Why here: `infra` gives these names, `scripts` looks for them, and neither imports the other. Pure.
 */

/** The project's tag value and the root of every SSM parameter. */
export const PROJECT = 'trading-platform';

/** The deployable parts of an environment, in no particular order. Each is one CloudFormation stack. */
export const COMPONENTS = ['vpc', 'dynamodb', 's3', 'sqs', 'lambda', 'api', 'monitoring'] as const;
export type Component = (typeof COMPONENTS)[number];

/** `trading-vpc-dev` */
export const stackName = (component: Component, environment: string): string => `trading-${component}-${environment}`;

/** The stack an administrator deploys once per account. It serves every environment of that account. */
export const PIPELINE_STACK = 'PipelineStack';

/** Values that stacks publish for each other and for people. `name` without a leading slash. */
export const PARAMETERS = [
  'vpc-id',
  'private-subnet-ids',
  'orders-table-name',
  'trade-bucket-name',
  'order-queue-url',
  'order-queue-arn',
  'order-dead-letter-queue-url',
  'order-intake-alias-arn',
  'order-processing-alias-arn',
  'api-endpoint',
  'alarm-topic-arn',
] as const;
export type ParameterName = (typeof PARAMETERS)[number];

/** `/trading-platform/dev/vpc-id` */
export const parameterName = (environment: string, name: ParameterName): string => `/${PROJECT}/${environment}/${name}`;

/** Everything the release machinery keeps about an environment: `/trading-platform/dev/release/…`. */
export const releaseParameterPrefix = (environment: string): string => `/${PROJECT}/${environment}/release`;

/** Fixed physical names, by resource. `resourceName('orders', 'dev')` is the table `orders-dev`. */
export type ResourceType =
  | 'orders'
  | 'order-intake'
  | 'order-processing'
  | 'order-queue'
  | 'order-dead-letter-queue'
  | 'trading-api'
  | 'trading-platform'
  | 'trade-data'
  | 'trading-alarms'
  | 'release-health';
export const resourceName = (type: ResourceType, environment: string): string => `${type}-${environment}`;

/** Ids under this prefix belong to validation: made by it, removed by it, and the only ones its role may touch. */
export const SYNTHETIC_PREFIX = 'synthetic-';

/** The environment variable that overrides an environment's account: `prod-eu` → `CDK_PROD_EU_ACCOUNT`. */
export const accountVariable = (environment: string): string =>
  `CDK_${environment.toUpperCase().replaceAll('-', '_')}_ACCOUNT`;

/** The tags every taggable resource carries. Never the commit: it would change every stack on every merge. */
export const TAG_KEYS = {
  project: 'project',
  environment: 'environment',
  owner: 'owner',
  costCentre: 'cost-centre',
  dataClassification: 'data-classification',
  repository: 'repository',
} as const;

/** Where an account's release store is named; once per account, in the region of its PipelineStack. */
export const RELEASE_STORE_PARAMETER = `/${PROJECT}/release-store-bucket-name`;

/** How the name of a release store's bucket begins; AWS appends account and region. */
export const RELEASE_STORE_PREFIX = 'gitops-releases';

/** The role API Gateway writes its logs with. IAM is global and the setting regional: one role, named in each region. */
export const API_LOGS_ROLE = 'trading-api-logs';

/** What CloudFormation may do in an account, instead of everything: what `bootstrap` gives CDK's execution role. */
export const EXECUTION_POLICY = 'gitops-cloudformation-execution';

/** The output of PipelineStack that gives that policy's ARN. */
export const EXECUTION_POLICY_OUTPUT = 'ExecutionPolicyArn';

/** The permissions boundary of every role a stack of an environment makes: the most such a role can ever do. */
export const ROLE_BOUNDARY = 'gitops-boundary';

/** Change sets that are made to be looked at and never executed: the read role may make no other. */
export const DIFF_CHANGE_SET_PREFIX = 'gitops-diff-';

/** The alias every function is called through; a deployment moves it, a rollback moves it back. */
export const LIVE_ALIAS = 'live';

/** The API's stage: part of its URL and of the metrics' dimensions. */
export const API_STAGE = 'v1';

/** The index of the orders table by customer and time. */
export const CUSTOMER_INDEX = 'by-customer';

/** Where drift checks report how many resources of an environment differ, and how many nobody could check; dimension `Environment`. */
export const DRIFT_METRIC = {
  namespace: 'TradingPlatform/GitOps',
  name: 'DriftedResources',
  unchecked: 'UncheckedResources',
} as const;

/** The roles of an environment that workflows take on, made by PipelineStack. */
export type GitOpsRole = 'read' | 'deploy' | 'validate' | 'destroy';

/** `gitops-deploy-dev` */
export const gitOpsRoleName = (role: GitOpsRole, environment: string): string => `gitops-${role}-${environment}`;

/** The GitHub environment whose reviewers let a rollback go ahead: those on call. */
export const rollbackGitHubEnvironment = (environment: string): string => `${environment}-rollback`;
