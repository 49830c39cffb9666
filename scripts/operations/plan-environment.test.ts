/** Stacks in every kind of state: what is asked of CloudFormation, and what the plan says where nothing can be asked. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { StackStatus } from '@aws-sdk/client-cloudformation';
import { loadEnvironments } from '../../environments/load.ts';
import { createAwsClients } from '../adapters/aws-clients.ts';
import { ReleaseMismatchError } from '../adapters/release/release-directory.ts';
import type { Target } from '../adapters/target.ts';
import type { StackPlan } from '../core/plan/plan.ts';
import type { Release } from '../core/release/release.ts';
import { writeTestRelease } from '../testing/assembly.ts';
import { FakeCloudFormation } from '../testing/fake-cloudformation/fake-cloudformation.ts';
import { planAgainstNothing, planEnvironment } from './plan-environment.ts';

const place = { account: '123456789012', region: 'us-east-1' };
const NAME = 'trading-vpc-dev';
const topic = (DisplayName: string) => ({ Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName } } });

let folder = '';
let release: Release;
let fake: FakeCloudFormation;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plan-environment-'));
  release = await writeTestRelease(folder, place, { [NAME]: { resources: topic('new') } });
});
after(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  fake = await FakeCloudFormation.start();
});
afterEach(() => fake.close());

async function planned(): Promise<StackPlan | undefined> {
  const [environment] = loadEnvironments({ variables: {} });
  assert.ok(environment);
  const target: Target = { environment, ...place, unanswerable: [] };
  const clients = { ...createAwsClients(place), cloudformation: fake.client() };
  const input = { release, folder, allowDestructive: false, onExit: () => () => {}, warn: assert.fail };
  const { stacks } = await planEnvironment(input, target, clients);
  return stacks.find(({ name }) => name === NAME);
}

const deployed = (status: StackStatus, resources: ReturnType<typeof topic>): void =>
  void fake.addStack({
    name: NAME,
    status,
    template: { Resources: resources, Outputs: {} },
    polls: 'until-told',
  });

describe('a stack', () => {
  it('that is the same is equal: nothing is asked', async () => {
    deployed('UPDATE_COMPLETE', topic('new'));
    const stack = await planned();
    assert.deepEqual([stack?.action, stack?.basis], ['unchanged', 'equal']);
    assert.deepEqual(fake.journal.mutations(), []);
  });

  for (const status of ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'] as const) {
    it(`that differs in ${status} is known from a change set, which is gone`, async () => {
      deployed(status, topic('old'));
      const stack = await planned();
      assert.deepEqual([stack?.action, stack?.basis], ['update', 'change-set']);
      assert.deepEqual(fake.journal.mutations(), [`CreateChangeSet ${NAME}`, `DeleteChangeSet ${NAME}`]);
    });
  }

  for (const status of ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED', 'UPDATE_FAILED', 'DELETE_FAILED'] as const) {
    it(`that differs in ${status} is known from its template, and the plan says why`, async () => {
      deployed(status, topic('old'));
      const stack = await planned();
      assert.deepEqual([stack?.action, stack?.basis, stack?.note], ['update', 'template', `the stack is in ${status}`]);
      assert.deepEqual(fake.journal.mutations(), []);
    });
  }

  it('that is absent is created, and no stack is left in review', async () => {
    const stack = await planned();
    assert.deepEqual([stack?.action, stack?.basis, fake.status(NAME)], ['create', 'absent', 'ABSENT']);
    assert.deepEqual(fake.journal.mutations(), []);
  });

  for (const status of ['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS'] as const) {
    it(`in ${status} holds nothing: it is created`, async () => {
      deployed(status, topic('old'));
      const stack = await planned();
      assert.deepEqual([stack?.action, stack?.resources.map(({ action }) => action)], ['create', ['create']]);
    });
  }

  describe('that somebody deployed by hand, in YAML,', () => {
    const yaml = (DisplayName: string): string =>
      `Outputs: {}\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: ${DisplayName}\n`;

    it('is the same where it says the same', async () => {
      deployed('UPDATE_COMPLETE', topic('new'));
      fake.stack(NAME).body = yaml('new');
      const stack = await planned();
      assert.deepEqual([stack?.action, stack?.basis], ['unchanged', 'equal']);
    });

    it('differs where it differs, property by property', async () => {
      deployed('UPDATE_COMPLETE', topic('old'));
      fake.stack(NAME).body = yaml('!Ref "AWS::Region"');
      const stack = await planned();
      assert.deepEqual(stack?.resources[0]?.properties, [
        { path: 'DisplayName', old: `\${AWS::Region}`, new: 'new', replacement: 'never' },
      ]);
    });

    it('in no form that can be read fails, and says of which stack and how to see it', async () => {
      deployed('UPDATE_COMPLETE', topic('old'));
      fake.stack(NAME).body = 'Resources: !Include other.yml';
      await assert.rejects(planned(), {
        code: 'TEMPLATE_UNREADABLE',
        message: /trading-vpc-dev.*get-template --stack-name trading-vpc-dev/,
      });
    });
  });

  it('on which a killed plan left change sets is rid of them, equal or not', async () => {
    for (const DisplayName of ['new', 'old']) {
      fake.addStack({
        name: NAME,
        status: 'UPDATE_COMPLETE',
        template: { Resources: topic(DisplayName), Outputs: {} },
        // The fake counts its own time, months before this machine's.
        changeSets: ['gitops-diff-killed', 'somebody-elses'],
        polls: 'until-told',
      });
      await planned();
      assert.deepEqual(
        fake.stack(NAME).changeSets.map(({ name }) => name),
        ['somebody-elses'],
        DisplayName,
      );
      await fake.close();
      fake = await FakeCloudFormation.start();
    }
  });

  it('of which CloudFormation makes no change set is known from its template, and the plan says why', async () => {
    deployed('UPDATE_COMPLETE', topic('old'));
    fake.script(NAME, 'DescribeChangeSet', { failing: { logicalId: 'Topic', reason: 'Transform failed' } });
    const stack = await planned();
    assert.deepEqual([stack?.basis, stack?.note], ['template', 'Transform failed']);
  });
});

it('a release whose files changed is not planned', async () => {
  const other = await mkdtemp(join(tmpdir(), 'plan-environment-'));
  const made = await writeTestRelease(other, place, { [NAME]: { resources: topic('new') } });
  await writeFile(join(other, 'dev', `${NAME}.template.json`), '{}');
  const input = { release: made, folder: other, allowDestructive: false };
  await assert.rejects(planAgainstNothing(input, 'dev'), ReleaseMismatchError);
  await rm(other, { recursive: true });
});

it('against nothing everything is created, without a call', async () => {
  const { counts } = await planAgainstNothing({ release, folder, allowDestructive: false }, 'dev');
  assert.deepEqual([counts.stacks.create, counts.resources.create], [1, 1]);
});
