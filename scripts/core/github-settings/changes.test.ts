/** What is compared and what is not: a setting GitHub does not tell is unknown, in checks and in changes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environmentsWith } from '../../testing/environments-with.ts';
import { planSettings } from './changes.ts';
import { settingChecks } from './checks.ts';
import { desiredSettings } from './desired.ts';
import { RULESET_NAME, rulesOf } from './ruleset.ts';
import type { CurrentSettings } from './settings.ts';

const environments = environmentsWith();
const desired = desiredSettings({
  environments,
  overridden: environments,
  reviewers: { pullRequestApprovals: 2, approvers: ['@A'], onCall: ['@b'], exceptions: [] },
  usedActions: ['x/y'],
  repository: { private: true, hasReviewers: true },
  actionsApp: undefined,
});

/** A repository that is as it shall be. */
const current: CurrentSettings = {
  repository: { name: 'a/b', id: 1, ownerId: 2, private: true, defaultBranch: 'main', hasReviewers: true },
  actions: { enabled: true, allowed: 'all', pinnedByCommit: true },
  selectedActions: undefined,
  jobToken: desired.jobToken,
  ruleset: {
    id: 1,
    target: 'branch',
    enforcement: 'active',
    branches: ['refs/heads/main'],
    excluded: [],
    bypass: [],
    rules: rulesOf(desired.ruleset),
  },
  otherRulesets: [],
  environments: desired.environments.map((each) => ({ ...each, policyIds: { main: 1 }, waitTimer: 0 })),
  subject: { usesDefault: true, claims: [], withIds: false },
  variables: { ATTEST_RELEASES: 'true' },
  ownerErrors: [],
};
const unknown = (settings: CurrentSettings): string[] =>
  settingChecks(planSettings(settings, desired).compared, 'a/b')
    .filter(({ status }) => status === 'unknown')
    .map(({ id, detail }) => `${id}: ${detail}`);

describe('a plan of settings', () => {
  it('changes nothing where all is as it shall be, and every check passes', () => {
    const { compared, changes } = planSettings(current, desired);
    assert.deepEqual(changes, []);
    assert.ok(settingChecks(compared, 'a/b').every(({ status }) => status === 'pass'));
  });

  it('takes what GitHub does not tell for unknown, not for right or wrong', () => {
    assert.ok(typeof current.ruleset === 'object' && 'bypass' in current.ruleset);
    const withoutBypass = { ...current, ruleset: { ...current.ruleset, bypass: undefined } };
    assert.deepEqual(planSettings(withoutBypass, desired).changes, []);
    assert.deepEqual(unknown(withoutBypass), [
      'github.ruleset: who may pass it by: GitHub does not tell it to this token',
    ]);

    assert.ok(Array.isArray(current.environments));
    const told = current.environments.map((each) => ({ ...each, adminsBypass: undefined }));
    assert.equal(unknown({ ...current, environments: told }).length, environments.length * 2);

    const nothing = { untold: 'The token may not look.' };
    const blind = {
      ...current,
      actions: nothing,
      jobToken: nothing,
      ruleset: nothing,
      environments: nothing,
      subject: nothing,
      variables: nothing,
    };
    const { changes, compared } = planSettings(blind, desired);
    assert.deepEqual(changes, []);
    assert.equal(unknown(blind).length, compared.length);
  });

  it('asks for the approvals of the reviewers’ file, no more and no fewer', () => {
    assert.ok(typeof current.ruleset === 'object' && 'rules' in current.ruleset);
    const { rules } = current.ruleset;
    for (const approvals of [1, 3]) {
      const others = rules.map((rule) =>
        rule.type === 'pull_request'
          ? { ...rule, parameters: { ...rule.parameters, required_approving_review_count: approvals } }
          : rule,
      );
      const { changes } = planSettings({ ...current, ruleset: { ...current.ruleset, rules: others } }, desired);
      assert.deepEqual(
        changes.flatMap(({ differences }) => differences),
        [{ subject: `ruleset "${RULESET_NAME}"`, setting: 'approvals', found: approvals, wanted: 2 }],
      );
    }
  });

  it('tells environments apart by name in any case, and branches from tags', () => {
    assert.ok(Array.isArray(current.environments));
    const shouting = current.environments.map((each) => ({ ...each, name: each.name.toUpperCase() }));
    assert.deepEqual(planSettings({ ...current, environments: shouting }, desired).changes, []);
    const tagged = current.environments.map((each) => ({
      ...each,
      branches: ['main', 'tag:v*'],
      policyIds: { main: 1, 'tag:v*': 2 },
    }));
    const [first] = planSettings({ ...current, environments: tagged }, desired).changes;
    assert.ok(first?.write.kind === 'environment');
    assert.deepEqual([first.write.removeBranches, first.write.addBranches], [[{ id: 2, name: 'tag:v*' }], []]);
  });
});
