/** One issue for each environment, whatever happens there: opened, updated in place, closed, opened again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DriftIssue } from '../../core/drift/issue.ts';
import { FakeGitHub } from '../../testing/fake-github/fake-github.ts';
import { reportDriftIssue } from './report-issue.ts';

test('one issue per environment through its whole life', async (t) => {
  const fake = await FakeGitHub.start();
  t.after(() => fake.close());
  const settings = {
    token: fake.addToken({ permissions: { issues: 'write' } }),
    baseUrl: fake.endpoint,
    repository: fake.name,
  };
  const pace = { second: 1, writeEvery: 0, notifyEvery: 0 };
  const report = (environment: string, wanted: DriftIssue['wanted']) =>
    reportDriftIssue({ environment, wanted }, { pace }, settings);
  const open = (body: string): DriftIssue['wanted'] => ({ state: 'open', title: 'Drift', body });

  const outcomes: string[] = [];
  for (const wanted of [open('a'), open('a'), open('b'), { state: 'closed' as const }, open('c')]) {
    outcomes.push((await report('prod', wanted)).outcome);
  }
  assert.deepEqual(outcomes, ['opened', 'unchanged', 'updated', 'closed', 'reopened']);
  assert.equal((await report('dev', { state: 'closed' })).outcome, 'none');
  assert.equal((await report('dev', open('a'))).outcome, 'opened');
  assert.deepEqual(
    fake.issues().map(({ state, labels }) => [state, labels]),
    [
      ['open', ['drift', 'environment: prod']],
      ['open', ['drift', 'environment: dev']],
    ],
  );
});
