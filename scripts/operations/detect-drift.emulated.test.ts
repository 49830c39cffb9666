/**
 * Drift of environments deployed for real: nothing in an untouched one, and every change by hand found, named and, where
 * a deployment can, mended.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { stringify } from 'yaml';
import { parameterName, resourceName, stackName } from '../../environments/naming.ts';
import type { DriftWaiver } from '../../environments/waivers.ts';
import { findOnMain } from '../adapters/drift/main-branch.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Clock } from '../core/clock.ts';
import type { OnMain } from '../core/drift/judge-ledger.ts';
import { compareReports } from '../core/drift/mended.ts';
import { renderDriftMarkdown } from '../core/drift/render/markdown.ts';
import { renderDrift } from '../core/drift/render/text.ts';
import type { DriftReport } from '../core/drift/report.ts';
import { releaseRefOf } from '../core/ledger/release-ref.ts';
import { parameter } from '../testing/assembly.ts';
import { byHand, TWELVE } from '../testing/breaks/twelve.ts';
import { SILENT_REPORTER, withDeployedEnvironments } from '../testing/deployed-environment.ts';
import { emulatedStack } from '../testing/emulated-stack.ts';
import { recordInLedger, recordRelease, testSite } from '../testing/recorded-environment.ts';
import { detectDrift } from './detect-drift.ts';
import { fixDrift, NothingValidatedError } from './fix-drift.ts';

const environments = await withDeployedEnvironments({ after }, ['dev', 'staging', 'prod']);
const { dev, staging, prod } = environments;
const sites = {
  dev: await recordRelease(dev),
  staging: await recordRelease(staging),
  prod: await recordRelease(prod),
};
const DAY_MS = 86_400_000;

interface Circumstances {
  readonly waivers?: readonly DriftWaiver[];
  readonly clock?: Clock;
  readonly findOnMain?: (commit: string, local: boolean) => Promise<OnMain>;
}

const look = (name: keyof typeof environments, circumstances: Circumstances = {}): Promise<DriftReport> => {
  const onMain: OnMain = { known: true, branch: 'main', contained: true, behind: 0 };
  const { waivers = [], clock = systemClock, findOnMain: find = async () => onMain } = circumstances;
  return detectDrift(
    { target: environments[name].target, environments: ['dev', 'staging', 'prod'], waivers, reporter: SILENT_REPORTER },
    { openSite: testSite, clock, findOnMain: find },
  );
};

const fix = async (before?: DriftReport) =>
  fixDrift(
    {
      target: dev.target,
      before: before ?? (await look('dev')),
      look: () => look('dev'),
      by: 'ada',
      waitSeconds: 0,
      reporter: SILENT_REPORTER,
      signal: new AbortController().signal,
    },
    { openSite: testSite, clock: systemClock, toolkitFor: () => dev.toolkit, onExit: () => () => {} },
  );

const found = ({ findings }: DriftReport): string[] =>
  findings.flatMap(({ name, differences }) => differences.map(({ property }) => `${property} of ${name}`)).sort();

/** What the emulator does not give back of these is all that nobody can compare. */
const NOT_COMPARABLE = ['AWS::EC2::FlowLog', 'AWS::EC2::NatGateway'];
const COVERAGE = {
  dev: { total: 112, checked: 110 },
  staging: { total: 114, checked: 111 },
  prod: { total: 124, checked: 120 },
} as const;

describe('an untouched environment', () => {
  for (const [name, coverage] of [
    ['dev', COVERAGE.dev],
    ['staging', COVERAGE.staging],
    ['prod', COVERAGE.prod],
  ] as const) {
    test(`${name} shows no drift, ten times in a row, and says what nobody checked`, async () => {
      for (let run = 1; run <= 10; run += 1) {
        const report = await look(name);
        assert.deepEqual(found(report), [], `run ${run}`);
        assert.ok(report.ok, `run ${run}`);
        // Not in sync: CloudFormation's own detection is not to be had there.
        assert.equal(report.result, 'unknown');
        const native = report.unknown.find(({ id }) => id === 'cloudformation.unavailable');
        assert.equal(native?.subjects.length, 7);
        assert.match(native?.reason ?? '', /emulator/);
        const { total, checked, unchecked } = report.coverage;
        const types = [...new Set(unchecked.map(({ type }) => type))].sort();
        assert.deepEqual({ total, checked, types }, { ...coverage, types: NOT_COMPARABLE });
        assert.equal(report.coverage.byCloudFormation, 0);
      }
    });
  }

  test('auto-scaled capacity between its bounds is no drift', async () => {
    const put = (ReadCapacityUnits: number) =>
      prod.clients.dynamodb.send(
        new UpdateTableCommand({
          TableName: resourceName('orders', 'prod'),
          ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits: 25 },
        }),
      );
    await put(60);
    assert.deepEqual(found(await look('prod')), []);
    await put(25);
  });
});

/** The AWS command that a report prints for each change by hand. */
const UNDOING: Readonly<Record<(typeof TWELVE)[number], RegExp>> = {
  'function.memory': /aws lambda update-function-configuration --function-name order-\w+-dev --memory-size 512$/,
  'function.environment':
    /aws lambda update-function-configuration --function-name \S+ --environment '\{"Variables":\{.*"LOG_LEVEL":"INFO"/,
  'table.read-capacity':
    /aws dynamodb update-table --table-name orders-dev .*ReadCapacityUnits=5,WriteCapacityUnits=5$/,
  'queue.retention': /aws sqs set-queue-attributes --queue-url \S+ --attributes MessageRetentionPeriod=345600$/,
  'bucket.versioning': /aws s3api put-bucket-versioning --bucket trade-data-dev\S+ .*Status=Enabled$/,
  'bucket.public-access': /aws s3api put-public-access-block --bucket trade-data-dev/,
  'security-group.egress': /aws ec2 revoke-security-group-egress --group-id sg-\w+ .*FromPort=22,ToPort=22/,
  'role.inline-policies': /aws iam delete-role-policy --role-name trading-lambda-dev\S+ --policy-name \S+$/,
  'parameter.target': /aws ssm put-parameter --overwrite --name \/trading-platform\/dev\/\S+ --value \S+$/,
  'alarm.actions-enabled': /aws cloudwatch enable-alarm-actions --alarm-names \S+-dev$/,
  'log-group.retention': /aws logs put-retention-policy --log-group-name \S+ --retention-in-days \d+$/,
  'api.throttle-rate': /aws apigateway update-stage --rest-api-id \w+ --stage-name v1 .*rateLimit,value=100/,
};

describe('a change by hand', () => {
  for (const id of TWELVE) {
    test(`to ${id} is found, named, with expected and actual`, async () => {
      const change = byHand(id);
      const undo = await change.apply(dev);
      try {
        const report = await look('dev');
        assert.deepEqual(
          [report.result, report.ok, report.findings.length],
          ['drifted', false, 1],
          found(report).join(),
        );
        const [finding] = report.findings;
        assert.ok(finding);
        assert.ok(finding.name.startsWith(await change.of(dev)), finding.name);
        assert.deepEqual(finding.detectors, ['live']);
        // A probe and the comparison with the template found one and the same: each fact once.
        for (const { checks, expected, actual } of finding.differences) {
          assert.ok(checks.includes(id), JSON.stringify(finding));
          assert.notDeepEqual(expected, actual);
        }
        const properties = finding.differences.map(({ property }) => property);
        assert.deepEqual([...new Set(properties)], properties);
        // The emulator has no drift-reverting deployments: a hand must.
        assert.equal(finding.remedies.redeploy, null);
        const [aim, command, ...further] = finding.remedies.undo;
        assert.equal(aim, 'eval "$(npm run -s env -- --env dev --local)"');
        assert.match(command ?? '', UNDOING[id]);
        assert.deepEqual(further, []);
        for (const text of [renderDrift([report]), renderDriftMarkdown([report])]) {
          assert.ok(text.includes(id) && text.includes(finding.name));
        }
      } finally {
        await undo();
      }
    });
  }

  test('undone leaves nothing', async () => {
    assert.deepEqual(found(await look('dev')), []);
  });

  test('that the emulator can’t revert is still there after --fix, and said so', async () => {
    const undo = await byHand('queue.retention').apply(dev);
    const before = await look('dev');
    const { stacks, after } = await fix(before);
    assert.ok(
      stacks.every(({ status }) => status === 'unchanged' || status === 'updated'),
      JSON.stringify(stacks),
    );
    const { left, mended, fresh } = compareReports(before, after);
    assert.deepEqual([left.length, mended.length, fresh.length], [1, 0, 0]);
    await undo();
    const event = (await sites.dev.history.list()).at(-1)?.event;
    assert.ok(event?.type === 'drift-mended');
    const still = '/MessageRetentionPeriod of order-queue-dev';
    assert.deepEqual([event.by, event.before, event.after, event.details], ['ada', [still], [still], []]);
  });

  test('is let pass by one waiver of that property of that resource, whoever found it, and by no other', async () => {
    const change = byHand('function.memory');
    const undo = await change.apply(dev);
    const waiver: DriftWaiver = {
      environment: 'dev',
      resource: await change.of(dev),
      property: '/MemorySize',
      reason: 'a load test',
      owner: 'ada',
      expires: new Date(Date.now() + DAY_MS).toISOString().slice(0, 10),
    };
    const report = await look('dev', { waivers: [waiver] });
    assert.deepEqual([report.ok, found(report)], [true, []]);
    assert.deepEqual(report.waived.map(({ check }) => check.id).sort(), ['declared.property', 'function.memory']);
    const other = await look('dev', { waivers: [{ ...waiver, property: '/Timeout' }] });
    assert.deepEqual([other.ok, other.waived.length, other.unusedWaivers.length], [false, 0, 1]);
    await undo();
  });
});

describe('past the ledger', () => {
  const { cloudformation } = dev.clients;
  /** Until nothing moves; a stack that is gone is at rest too. */
  const atRest = async (StackName: string): Promise<void> => {
    for (;;) {
      await setTimeout(50);
      const answer = await cloudformation.send(new DescribeStacksCommand({ StackName })).catch(() => undefined);
      if (!answer?.Stacks?.[0]?.StackStatus?.endsWith('_IN_PROGRESS')) return;
    }
  };

  const yaml = (template: string): string => stringify(JSON.parse(template));
  for (const [written, form] of [
    ['as JSON', (template: string) => template],
    ['as YAML, as people write it', yaml],
  ] as const) {
    test(`a stack changed to another template, ${written}, is found, and --fix goes back`, async () => {
      const StackName = stackName('sqs', 'dev');
      const { TemplateBody = '' } = await cloudformation.send(new GetTemplateCommand({ StackName }));
      const changed = TemplateBody.replace(/"VisibilityTimeout":\s*180/, '"VisibilityTimeout":200');
      assert.notEqual(changed, TemplateBody);
      await cloudformation.send(
        new UpdateStackCommand({ StackName, TemplateBody: form(changed), Capabilities: ['CAPABILITY_NAMED_IAM'] }),
      );
      await atRest(StackName);
      const before = await look('dev');
      const finding = before.findings.find(({ name }) => name === StackName);
      const template = finding?.differences.find(({ property }) => property === 'release.template');
      assert.match(JSON.stringify(template?.actual), /VisibilityTimeout":200/);
      assert.match(template?.detail ?? '', /past the ledger at 20.*cdk deploy.*npm run promote -- --only dev --local/);
      assert.deepEqual(finding?.detectors.includes('release'), true);
      assert.doesNotMatch(JSON.stringify(before.unknown), /template can/);
      await fix();
      assert.deepEqual(found(await look('dev')), []);
    });
  }

  test('a stack deleted by hand is found by release and probes as one, and --fix makes it again', async () => {
    const StackName = stackName('monitoring', 'dev');
    await cloudformation.send(new DeleteStackCommand({ StackName }));
    await atRest(StackName);
    const report = await look('dev');
    const finding = report.findings.find(({ name }) => name === StackName);
    assert.deepEqual(finding?.detectors, ['release', 'live']);
    const { stacks } = await fix();
    assert.equal(stacks.find(({ stack }) => stack === StackName)?.status, 'created');
    assert.deepEqual(found(await look('dev')), []);
  });

  test('a stack made by hand is found by its name', async () => {
    const stack = emulatedStack(dev.account, 'trading-scratch-dev');
    await stack.put({ P: parameter('/scratch', 'x') });
    assert.deepEqual(found(await look('dev')), ['release.stack-by-hand of trading-scratch-dev']);
    await stack.delete();
    assert.deepEqual(found(await look('dev')), []);
  });

  test('a hold older than a week is found, a younger one is not', async () => {
    const { ledger } = sites.dev;
    const at = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
    await ledger.recordHold({ type: 'held', at: at(6), by: 'ada', reason: 'an incident' });
    assert.deepEqual(found(await look('dev')), []);
    const later: Clock = { ...systemClock, now: () => Date.now() + 2 * DAY_MS };
    const report = await look('dev', { clock: later });
    assert.deepEqual(found(report), ['release.hold of dev']);
    assert.match(report.findings[0]?.remedies.redeploy ?? '', /^npm run resume -- --env dev --local --reason/);
    await ledger.recordHold({ type: 'resumed', at: at(0), by: 'ada', reason: 'over' });
  });

  test('a ledger pointing to a release main no longer has is found; one main has gone past says how far', async (t) => {
    const root = await mkdtemp(join(tmpdir(), 'drift-main-'));
    t.after(() => rm(root, { recursive: true, force: true }));
    const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
    const git = (...options: string[]): string =>
      execFileSync('git', ['-C', root, ...options], { env: { PATH: process.env['PATH'], HOME: root, ...who } })
        .toString()
        .trim();
    git('init', '--quiet', '--initial-branch=main');
    git('commit', '--quiet', '--allow-empty', '--message=one');
    const commit = git('rev-parse', 'HEAD');
    git('commit', '--quiet', '--allow-empty', '--message=two');
    await recordInLedger(sites.dev, { ...releaseRefOf(dev.release, 'dev'), commit, dirty: false });
    const find = (of: string) => findOnMain(root, of, false);
    const behind = await look('dev', { findOnMain: find });
    assert.deepEqual([found(behind), behind.notes], [[], ['dev is 1 commit behind main.']]);
    git('checkout', '--quiet', '--orphan', 'rewritten');
    git('commit', '--quiet', '--allow-empty', '--message=other');
    git('branch', '--force', 'main', 'rewritten');
    const gone = await look('dev', { findOnMain: find });
    assert.deepEqual(found(gone), ['release.on-main of dev']);
    assert.deepEqual([gone.result, gone.ok], ['drifted', false]);
  });

  test('a deployment at work is not taken for drift', async () => {
    const request = { by: 'ada', doing: 'promote', waitSeconds: 0, onExit: () => () => {} };
    const stamp = () => ({ at: new Date().toISOString(), by: 'ada' });
    const release = releaseRefOf(dev.release, 'dev');
    await sites.dev.locked(request, async (lock) => {
      await sites.dev.ledger.record(lock, { ...stamp(), type: 'deploy-started', release, purpose: 'promotion' });
      const report = await look('dev');
      assert.deepEqual([report.result, found(report), report.checks.length], ['unknown', [], 1]);
      await assert.rejects(fix(report), { code: 'LOCK_HELD' });
    });
    // Its process is gone, and its work half done.
    const abandoned = await look('dev');
    assert.deepEqual(found(abandoned), ['release.state of dev']);
    await assert.rejects(fix(), NothingValidatedError);
  });

  test('stacks that no ledger speaks of are found, and the probes look at them all the same', async () => {
    const { ssm } = dev.clients;
    await ssm.send(
      new PutParameterCommand({
        Name: parameterName('dev', 'release/current' as 'vpc-id'),
        Value: JSON.stringify({
          schema: 1,
          state: 'empty',
          sequence: 99,
          generation: 99,
          since: '2026-11-01T00:00:00.000Z',
          by: 'ada',
          rejected: [],
        }),
        Type: 'String',
        Overwrite: true,
      }),
    );
    const report = await look('dev');
    assert.deepEqual(found(report), ['release.recorded of dev']);
    assert.match(String(report.findings[0]?.differences[0]?.detail), /A promotion adopts it/);
    assert.ok(report.coverage.checked > 100);
  });
});
