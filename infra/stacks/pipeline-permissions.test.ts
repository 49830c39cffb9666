/** What each GitHub role gets and what it does not: calls, put to the policies PipelineStack makes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { API_ID, type Call } from '../testing/iam.ts';
import { SAMPLE, samplePipeline } from '../testing/pipeline-sample.ts';

const { account } = SAMPLE;
const REGION = SAMPLE.two.region;
const { policies } = samplePipeline();

const arn = (service: string, resource: string, region = REGION): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
const iam = (resource: string): string => `arn:aws:iam::${account}:${resource}`;
const stack = (name: string, region = REGION): string => arn('cloudformation', `stack/${name}/0a1b2c`, region);
const bootstrapRole = (role: string, region: string = REGION, of: string = account): string =>
  `arn:aws:iam::${of}:role/cdk-hnb659fds-${role}-role-${of}-${region}`;
const table = arn('dynamodb', 'table/orders-two');
const bucket = `arn:aws:s3:::trade-data-two-${account}-${REGION}-an`;
const store = `arn:aws:s3:::gitops-releases-${account}-${SAMPLE.one.region}-an`;
const ledger = arn('ssm', 'parameter/trading-platform/two/release/current');
const api = (request: string): string => arn('execute-api', `${API_ID}/v1/${request}`);

const tags = (environment: string) => ({
  'aws:ResourceTag/project': 'trading-platform',
  'aws:ResourceTag/environment': environment,
});
const diff = { ...tags('two'), 'cloudformation:ChangeSetName': 'gitops-diff-1' };
const keys = (...values: string[]) => ({ 'dynamodb:LeadingKeys': values });

type Row = readonly [
  why: string,
  expected: 'allowed' | 'denied',
  action: string,
  resource: string,
  context?: Call['context'],
];

const READ: readonly Row[] = [
  ['reads templates', 'allowed', 'cloudformation:GetTemplate', stack('trading-api-two')],
  ['makes a change set to look at', 'allowed', 'cloudformation:CreateChangeSet', stack('trading-api-two'), diff],
  ['looks at it', 'allowed', 'cloudformation:DescribeChangeSet', stack('trading-api-two'), diff],
  ['deletes it', 'allowed', 'cloudformation:DeleteChangeSet', stack('trading-api-two'), diff],
  ['executes none', 'denied', 'cloudformation:ExecuteChangeSet', stack('trading-api-two'), diff],
  [
    'makes none of another name',
    'denied',
    'cloudformation:CreateChangeSet',
    stack('trading-api-two'),
    { ...diff, 'cloudformation:ChangeSetName': 'cdk-deploy-change-set' },
  ],
  [
    'makes none of another environment',
    'denied',
    'cloudformation:CreateChangeSet',
    stack('trading-api-one', 'eu-west-1'),
    { ...diff, ...tags('one') },
  ],
  [
    'makes none where a name only ends alike',
    'denied',
    'cloudformation:CreateChangeSet',
    stack('trading-api-not-two'),
    { ...diff, ...tags('not-two') },
  ],
  ['detects drift', 'allowed', 'cloudformation:DetectStackDrift', stack('trading-api-two')],
  ['detects drift of the pipeline', 'allowed', 'cloudformation:DetectStackDrift', stack('PipelineStack', 'eu-west-1')],
  ['follows it', 'allowed', 'cloudformation:DescribeStackDriftDetectionStatus', '*'],
  ['updates no stack', 'denied', 'cloudformation:UpdateStack', stack('trading-api-two')],
  ['deletes no stack', 'denied', 'cloudformation:DeleteStack', stack('trading-api-two'), tags('two')],
  ['reports drift', 'allowed', 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'TradingPlatform/GitOps' }],
  ['forges no other metric', 'denied', 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'TradingPlatform' }],
  ['reads the ledger', 'allowed', 'ssm:GetParameters', ledger],
  ['writes none', 'denied', 'ssm:PutParameter', ledger],
  [
    'reads no parameter of another environment',
    'denied',
    'ssm:GetParameter',
    arn('ssm', 'parameter/trading-platform/one/vpc-id'),
  ],
  ['decrypts nothing', 'denied', 'kms:Decrypt', arn('kms', 'key/1234')],
  ['reads no secret', 'denied', 'secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:any-abcdef')],
  ['reads bucket settings', 'allowed', 's3:GetBucketPolicy', bucket],
  ['reads no object', 'denied', 's3:GetObject', `${bucket}/trades/2026/01/01/order.json`],
  ['reads the release to compare with', 'allowed', 's3:GetObject', `${store}/releases/1.tar.gz`],
  ['stores none', 'denied', 's3:PutObject', `${store}/releases/1.tar.gz`],
  ['reads the history', 'allowed', 's3:GetObject', `${store}/history/two/1.json`],
  ['finds its records', 'allowed', 's3:ListBucket', store],
  ['reads no other history', 'denied', 's3:GetObject', `${store}/history/one/1.json`],
  ['adds nothing to it', 'denied', 's3:PutObject', `${store}/history/two/1.json`],
  ['reads table settings', 'allowed', 'dynamodb:DescribeTable', table],
  ['reads no item', 'denied', 'dynamodb:GetItem', table, keys('order-1')],
  ['scans no table', 'denied', 'dynamodb:Scan', table],
  ['reads queue settings', 'allowed', 'sqs:GetQueueAttributes', arn('sqs', 'order-queue-two')],
  ['receives no message', 'denied', 'sqs:ReceiveMessage', arn('sqs', 'order-queue-two')],
  [
    'reads a function’s settings',
    'allowed',
    'lambda:GetFunctionConfiguration',
    arn('lambda', 'function:order-intake-two'),
  ],
  ['calls no function', 'denied', 'lambda:InvokeFunction', arn('lambda', 'function:order-intake-two')],
  ['reads an API', 'allowed', 'apigateway:GET', `arn:aws:apigateway:${REGION}::/restapis/a1b2c3/stages/v1`],
  ['reads no API key', 'denied', 'apigateway:GET', `arn:aws:apigateway:${REGION}::/usageplans/a1b2c3/keys`],
  ['calls no API', 'denied', 'execute-api:Invoke', api('GET/health')],
  ['reads a stack’s role', 'allowed', 'iam:GetRolePolicy', iam('role/trading-lambda-two-OrderIntakeRole-1')],
  ['takes no role of bootstrap', 'denied', 'sts:AssumeRole', bootstrapRole('deploy')],
  ['takes no validate role', 'denied', 'sts:AssumeRole', iam('role/gitops-validate-two')],
];

const DEPLOY: readonly Row[] = [
  ['deploys through bootstrap', 'allowed', 'sts:AssumeRole', bootstrapRole('deploy')],
  ['uploads assets through bootstrap', 'allowed', 'sts:AssumeRole', bootstrapRole('file-publishing')],
  ['does so in no other region', 'denied', 'sts:AssumeRole', bootstrapRole('deploy', 'eu-west-1')],
  ['does so in no other account', 'denied', 'sts:AssumeRole', bootstrapRole('deploy', REGION, '999988887777')],
  ['is not CloudFormation', 'denied', 'sts:AssumeRole', bootstrapRole('cfn-exec')],
  ['looks nothing up with the role that reads all data', 'denied', 'sts:AssumeRole', bootstrapRole('lookup')],
  ['validates by its role', 'allowed', 'sts:AssumeRole', iam('role/gitops-validate-two')],
  ['takes no role of another environment', 'denied', 'sts:AssumeRole', iam('role/gitops-validate-one')],
  ['takes no destroy role', 'denied', 'sts:AssumeRole', iam('role/gitops-destroy-two')],
  ['cancels an update', 'allowed', 'cloudformation:CancelUpdateStack', stack('trading-api-two'), tags('two')],
  [
    'goes on with a rollback',
    'allowed',
    'cloudformation:ContinueUpdateRollback',
    stack('trading-api-two'),
    tags('two'),
  ],
  ['deletes a left-over stack', 'allowed', 'cloudformation:DeleteStack', stack('trading-cache-two'), tags('two')],
  [
    'deletes no stack of another environment',
    'denied',
    'cloudformation:DeleteStack',
    stack('trading-api-one'),
    tags('one'),
  ],
  ['deletes no PipelineStack', 'denied', 'cloudformation:DeleteStack', stack('PipelineStack'), tags('two')],
  ['updates no stack by itself', 'denied', 'cloudformation:UpdateStack', stack('trading-api-two'), tags('two')],
  [
    'discards change sets',
    'allowed',
    'cloudformation:DeleteChangeSet',
    stack('trading-api-two'),
    { ...tags('two'), 'cloudformation:ChangeSetName': 'cdk-deploy-change-set' },
  ],
  ['writes the ledger', 'allowed', 'ssm:PutParameter', ledger],
  [
    'reads the ledger of the environment before',
    'allowed',
    'ssm:GetParameters',
    arn('ssm', 'parameter/trading-platform/one/release/current'),
  ],
  [
    'writes no other ledger',
    'denied',
    'ssm:PutParameter',
    arn('ssm', 'parameter/trading-platform/one/release/current'),
  ],
  ['writes no published value', 'denied', 'ssm:PutParameter', arn('ssm', 'parameter/trading-platform/two/vpc-id')],
  ['stores a release', 'allowed', 's3:PutObject', `${store}/releases/1.tar.gz`],
  ['fetches one', 'allowed', 's3:GetObject', `${store}/releases/1.tar.gz`],
  ['deletes none', 'denied', 's3:DeleteObject', `${store}/releases/1.tar.gz`],
  ['adds to the history', 'allowed', 's3:PutObject', `${store}/history/two/1.json`],
  ['adds to no other history', 'denied', 's3:PutObject', `${store}/history/one/1.json`],
  ['counts dead letters', 'allowed', 'sqs:GetQueueAttributes', arn('sqs', 'order-dead-letter-queue-two')],
  ['reads no object', 'denied', 's3:GetObject', `${bucket}/trades/2026/01/01/order.json`],
  ['calls no API itself', 'denied', 'execute-api:Invoke', api('POST/orders')],
  ['changes no role', 'denied', 'iam:PutRolePolicy', iam('role/gitops-deploy-two')],
];

const VALIDATE: readonly Row[] = [
  ['places an order', 'allowed', 'execute-api:Invoke', api('POST/orders')],
  ['asks after its own', 'allowed', 'execute-api:Invoke', api('GET/orders/synthetic-1')],
  ['asks after no other', 'denied', 'execute-api:Invoke', api('GET/orders/order-1')],
  ['reads its item', 'allowed', 'dynamodb:GetItem', table, keys('synthetic-1')],
  ['removes it', 'allowed', 'dynamodb:DeleteItem', table, keys('synthetic-1')],
  ['finds what was left', 'allowed', 'dynamodb:Query', `${table}/index/by-customer`, keys('synthetic-validation')],
  ['reads no other item', 'denied', 'dynamodb:GetItem', table, keys('order-1')],
  ['reads none beside its own', 'denied', 'dynamodb:GetItem', table, keys('synthetic-1', 'order-1')],
  ['removes no other', 'denied', 'dynamodb:DeleteItem', table, keys('order-1')],
  ['asks for no item without a key', 'denied', 'dynamodb:Query', table],
  ['writes none', 'denied', 'dynamodb:PutItem', table, keys('synthetic-1')],
  ['reads its record', 'allowed', 's3:GetObject', `${bucket}/trades/2026/01/01/synthetic-1.json`],
  ['removes every version of it', 'allowed', 's3:DeleteObjectVersion', `${bucket}/trades/2026/01/01/synthetic-1.json`],
  ['reads no other record', 'denied', 's3:GetObject', `${bucket}/trades/2026/01/01/order-1.json`],
  ['removes no other', 'denied', 's3:DeleteObject', `${bucket}/trades/2026/01/01/order-1.json`],
  [
    'finds its versions',
    'allowed',
    's3:ListBucketVersions',
    bucket,
    { 's3:prefix': 'trades/2026/01/01/synthetic-1.json' },
  ],
  ['lists no others', 'denied', 's3:ListBucketVersions', bucket, { 's3:prefix': 'trades/' }],
  ['checks settings', 'allowed', 'dynamodb:DescribeContinuousBackups', table],
  ['deploys nothing', 'denied', 'sts:AssumeRole', bootstrapRole('deploy')],
  ['writes no ledger', 'denied', 'ssm:PutParameter', ledger],
];

const DESTROY: readonly Row[] = [
  ['deletes the stacks', 'allowed', 'cloudformation:DeleteStack', stack('trading-vpc-two'), tags('two')],
  [
    'deletes none of another environment',
    'denied',
    'cloudformation:DeleteStack',
    stack('trading-vpc-one'),
    tags('one'),
  ],
  ['backs the table up', 'allowed', 'dynamodb:CreateBackup', table],
  ['waits for the backup', 'allowed', 'dynamodb:DescribeBackup', `${table}/backup/0123`],
  ['deletes no backup', 'denied', 'dynamodb:DeleteBackup', `${table}/backup/0123`],
  ['lifts the protection', 'allowed', 'dynamodb:UpdateTable', table],
  ['sees whether a bucket is empty', 'allowed', 's3:ListBucketVersions', bucket],
  ['empties none', 'denied', 's3:DeleteObject', `${bucket}/trades/2026/01/01/order-1.json`],
  ['records it', 'allowed', 's3:PutObject', `${store}/history/two/1.json`],
  ['deploys nothing', 'denied', 'sts:AssumeRole', bootstrapRole('deploy')],
];

for (const [role, rows] of Object.entries({
  'gitops-read-two': READ,
  'gitops-deploy-two': DEPLOY,
  'gitops-validate-two': VALIDATE,
  'gitops-destroy-two': DESTROY,
})) {
  describe(role, () => {
    for (const [why, expected, action, resource, context] of rows) {
      it(`${why}: ${action} ${expected}`, async () => {
        assert.equal(
          await policies.lets(role, { action, resource, ...(context && { context }) }),
          expected === 'allowed',
        );
      });
    }
  });
}
