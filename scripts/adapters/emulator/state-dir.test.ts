import assert from 'node:assert/strict';
import { isAbsolute, resolve } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY_ROOT } from '../repository-root.ts';
import { stateDirectory } from './state-dir.ts';

test('state is kept in .gitops of the repository unless GITOPS_STATE_DIR says otherwise', () => {
  assert.equal(stateDirectory({}), resolve(REPOSITORY_ROOT, '.gitops'));
  assert.equal(stateDirectory({ GITOPS_STATE_DIR: '' }), resolve(REPOSITORY_ROOT, '.gitops'));
  assert.equal(stateDirectory({ GITOPS_STATE_DIR: '/elsewhere' }), '/elsewhere');
  assert.ok(isAbsolute(stateDirectory({ GITOPS_STATE_DIR: 'elsewhere' })));
});
