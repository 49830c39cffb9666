import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../core/errors.ts';
import { readBasePort } from './base-port.ts';

test('the base port is 4566 unless GITOPS_BASE_PORT says otherwise', () => {
  assert.equal(readBasePort({}), 4566);
  assert.equal(readBasePort({ GITOPS_BASE_PORT: '' }), 4566);
  assert.equal(readBasePort({ GITOPS_BASE_PORT: '5566' }), 5566);
});

test('what is no port is refused by name', () => {
  for (const value of ['http', '80', '65001', '-4566', '4566.5', '4566 ']) {
    assert.throws(
      () => readBasePort({ GITOPS_BASE_PORT: value }),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, /^GITOPS_BASE_PORT is /);
        return true;
      },
    );
  }
});
