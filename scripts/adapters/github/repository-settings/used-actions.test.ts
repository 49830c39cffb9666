/** The actions an allow-list has to name: all of the workflows' own, and none of this repository's. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { REPOSITORY_ROOT } from '../../repository-root.ts';
import { readUsedActions } from './used-actions.ts';

function used(files: Record<string, string>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'gitops-actions-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return readUsedActions(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('used actions', () => {
  it('are those of steps and of called workflows, once each, by repository', () => {
    const found = used({
      'workflows/a.yml':
        'jobs:\n  a:\n    steps:\n      - uses: b/two@1\n      - uses: a/one/deep/path@1\n      - run: "uses: no/no@1"\n',
      'workflows/b.yaml':
        'jobs:\n  a:\n    uses: c/three/.github/workflows/w.yml@1\n  b:\n    uses: ./.github/workflows/a.yml\n',
      'actions/x/action.yml': 'runs:\n  steps:\n    - uses: b/two@2\n    - uses: docker://alpine@sha256:1\n',
      'other/a.yml': 'uses: d/four@1\n',
    });
    assert.deepEqual(found, ['a/one', 'b/two', 'c/three']);
  });

  it('of this repository are in its workflows, as text', () => {
    const found = readUsedActions(join(REPOSITORY_ROOT, '.github'));
    const text = ['promote', 'deploy', 'pull-request']
      .map((name) => readFileSync(join(REPOSITORY_ROOT, `.github/workflows/${name}.yml`), 'utf8'))
      .join('\n');
    assert.ok(found.length >= 6);
    for (const [, action] of text.matchAll(/uses: ([\w-]+\/[\w-]+)@/g))
      assert.ok(found.includes(action as string), action);
  });
});
