/**
 * Every call that `drift`, `diff` and `status` make, put to the read role that is synthesized for the environment they were
 * recorded in: scripts/commands/status/read-calls.emulated.test.ts records them in an emulated account.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DRIFT_METRIC, PIPELINE_STACK } from '../../environments/naming.ts';
import { fleetEnvironments, makeFleet } from '../testing/fleet.ts';
import { type Call, TemplatePolicies } from '../testing/iam.ts';

interface RecordedCall {
  readonly action: string;
  readonly resource: string;
}

const ENVIRONMENT = 'dev';
const ROLE = `gitops-read-${ENVIRONMENT}`;
const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'testing', 'read-calls.json'), 'utf8'),
) as readonly RecordedCall[];

const dev = fleetEnvironments().find(({ name }) => name === ENVIRONMENT);
assert.ok(dev);
const { account, region } = dev;
const fleet = makeFleet().filter(({ environment }) => environment.name === ENVIRONMENT);
const pipeline = fleet.find(({ stack: { stackName } }) => stackName === PIPELINE_STACK);
assert.ok(pipeline);
/** A key’s own policy has to let the account decide: without that no policy of a role counts. */
const keyPolicy = fleet
  .flatMap(({ template }) => Object.values(template.Resources))
  .find(({ Type }) => Type === 'AWS::KMS::Key')?.Properties?.['KeyPolicy'];
assert.ok(keyPolicy);
const policies = new TemplatePolicies(pipeline.template, account);

/** CloudFormation's own detection is not recorded: the emulator has none. Nor is what is published for AWS alone. */
const stack = (name: string): string => `arn:aws:cloudformation:${region}:${account}:stack/${name}/0a1b2c`;
const beyondTheEmulator: readonly Call[] = [
  ...[`trading-vpc-${ENVIRONMENT}`, PIPELINE_STACK].flatMap((name) => [
    { action: 'cloudformation:DetectStackDrift', resource: stack(name) },
    { action: 'cloudformation:DescribeStackResourceDrifts', resource: stack(name) },
    { action: 'cloudformation:ListStackResources', resource: stack(name) },
  ]),
  { action: 'cloudformation:DescribeStackDriftDetectionStatus', resource: '*' },
  {
    action: 'cloudwatch:PutMetricData',
    resource: '*',
    context: { 'cloudwatch:namespace': DRIFT_METRIC.namespace },
  },
];

/** Held to the environment's stacks and to the prefix by conditions. */
const ofChangeSets = {
  'aws:ResourceTag/project': 'trading-platform',
  'aws:ResourceTag/environment': ENVIRONMENT,
  'cloudformation:ChangeSetName': 'gitops-diff-1',
};

const withContext = ({ action, resource }: RecordedCall): Call => {
  if (resource.includes(':key/')) return { action, resource, resourcePolicy: keyPolicy };
  return /:(Create|Delete|Describe)ChangeSet$/.test(action)
    ? { action, resource, context: ofChangeSets }
    : { action, resource };
};

describe('the read role lets drift, diff and status', () => {
  for (const call of [...recorded.map(withContext), ...beyondTheEmulator]) {
    it(`${call.action} on ${call.resource}`, async () => {
      assert.ok(await policies.lets(ROLE, call), `${ROLE} may not: widen infra/stacks/pipeline-inspection.ts`);
    });
  }
});

it('what was recorded reads and changes nothing but change sets, and no object but the tool’s own records', () => {
  const writing = recorded.filter(({ action }) => !/:(GET|Describe|Get|Head|List)/.test(action));
  assert.deepEqual([...new Set(writing.map(({ action }) => action))].sort(), [
    'cloudformation:CreateChangeSet',
    'cloudformation:DeleteChangeSet',
  ]);
  const objects = recorded.filter(({ action }) => action === 's3:GetObject');
  assert.ok(objects.length > 0);
  assert.deepEqual(
    objects.filter(({ resource }) => !/^arn:aws:s3:::gitops-releases-[^/]+\/(releases|history\/dev)\//.test(resource)),
    [],
  );
  const data = recorded.filter(({ action }) =>
    /:(GetItem|BatchGetItem|Query|Scan|ReceiveMessage|GetSecretValue|GetLogEvents|FilterLogEvents|Decrypt)$/.test(
      action,
    ),
  );
  assert.deepEqual(data, []);
});
