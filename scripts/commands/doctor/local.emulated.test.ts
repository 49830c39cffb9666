/** `doctor --local` as a process, in a copy of the repository with emulated accounts of its own. */
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import type { Check } from '../../core/check.ts';
import { withWorkspace } from '../../testing/workspace.ts';

const workspace = await withWorkspace({ after });

async function doctor(...args: string[]) {
  const { code, document } = await workspace.json('doctor', '--local', ...args);
  const parts = document['parts'] as readonly { title: string; conclusion: string; checks: readonly Check[] }[];
  return { code, parts, checks: parts.flatMap(({ checks }) => checks) };
}

it('ends 1 for accounts that are not prepared, 0 once they are, and lists what nobody can tell', async () => {
  const before = await doctor();
  assert.equal(before.code, 1);
  assert.deepEqual(
    before.parts.filter(({ conclusion }) => conclusion === 'missing').map(({ title }) => title),
    ['account 123456789012 (dev)', 'account 234567890123 (staging)', 'account 345678901234 (prod)'],
  );

  const { code } = await workspace.run('bootstrap', '--local', '--env', 'dev');
  assert.equal(code, 0);
  const { code: ended, parts, checks } = await doctor('--env', 'dev');
  assert.equal(ended, 0, JSON.stringify(checks.filter(({ status }) => status === 'fail')));
  assert.deepEqual(
    parts.map(({ title }) => title),
    ['this machine', 'configuration', 'account 123456789012 (dev)', 'GitHub example-org/trading-platform-gitops'],
  );
  assert.deepEqual([...new Set(checks.filter(({ status }) => status === 'unknown').map(({ id }) => id))].sort(), [
    'configuration.placeholder',
    'github.settings',
    'role.assumable',
  ]);
});

it('is of an account that is not up: start it', async () => {
  const { code } = await workspace.run('stop');
  assert.equal(code, 0);
  const { checks } = await doctor('--env', 'dev');
  assert.match(checks.find(({ id }) => id === 'account.reachable')?.detail ?? '', /npm start/);
});
