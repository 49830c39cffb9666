/** Reading an environment back from a release, also one made by an older version of this code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigurationError, loadEnvironments, parseEnvironment } from './load.ts';
import { changed, shipped } from './testing/configuration-folder.ts';

test('an environment of a release reads as it was loaded', () => {
  const environments = loadEnvironments({ variables: {} });

  for (const environment of environments) {
    assert.deepEqual(parseEnvironment(JSON.parse(JSON.stringify(environment)), 'environment.json'), environment);
  }
});

test('an environment of an older release reads: keys since removed are left out, rules since made are not applied', () => {
  const [dev] = loadEnvironments({ variables: {} });
  const old = changed({ ...dev, colour: 'red' }, ['queue'], { ...dev?.queue, visibilityTimeoutSeconds: 1, fifo: true });

  const read = parseEnvironment(old, 'cdk.out/dev/environment.json');

  assert.deepEqual(read, changed({ ...dev }, ['queue', 'visibilityTimeoutSeconds'], 1));
});

test('a release without a usable environment says which file', () => {
  assert.throws(
    () => parseEnvironment({ ...shipped('dev'), region: 1 }, 'cdk.out/dev/environment.json'),
    (error) => error instanceof ConfigurationError && error.message.includes('cdk.out/dev/environment.json  region'),
  );
});
