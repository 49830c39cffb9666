/** Drafts: what is left of an environment that is wrong in places. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkShape } from './shape.ts';
import { changed, MISSING, places, problemsOf, shipped, shippedFiles } from './testing/configuration-folder.ts';

test('a draft lacks what is wrong and keeps the rest, lists their positions', () => {
  const zones = ['us-east-1a', 7, 'us-east-1c'];
  const dev = changed(shipped('dev'), ['network'], { cidr: 1, availabilityZones: zones, natGateways: 2, extra: true });

  const { draft, config } = checkShape(dev);

  assert.equal(config, undefined);
  assert.deepEqual(draft.network, { availabilityZones: ['us-east-1a', undefined, 'us-east-1c'], natGateways: 2 });
  assert.deepEqual(draft.functions, shipped('dev')['functions']);
});

test('a wrong entry of a list does not shift the places of what is wrong behind it', () => {
  const files = changed(shippedFiles(), ['dev', 'network', 'availabilityZones'], [null, 'us-west-2b', 'us-east-1c']);

  assert.deepEqual(places(problemsOf(files)), [
    'dev.json network.availabilityZones[0]',
    'dev.json network.availabilityZones[1]',
  ]);
});

test('a missing field silences only the rules that need it', () => {
  const dev = changed(shipped('dev'), ['functions'], MISSING);
  const files = { ...shippedFiles(), dev: changed(dev, ['network', 'natGateways'], 4) };

  assert.deepEqual(places(problemsOf(files)), ['dev.json functions', 'dev.json network.natGateways']);
});

test('what is no object at all leaves an empty draft', () => {
  for (const value of [null, [], 'dev', 1, true]) assert.deepEqual(checkShape(value).draft, {});
});
