import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readBaseline, writeBaseline } from './baseline-store.ts';

const baseline = {
  environment: 'dev',
  source: '123456789012 us-east-1 emulated',
  takenAt: '2026-11-23T12:00:00.000Z',
  deadLetters: 2,
  alarming: ['orders-throttles-dev'],
  unread: [],
};

test('what a deployment found is read back by a validation of the same account, and of no other', async (t) => {
  const stateDir = await mkdtemp(join(tmpdir(), 'baseline-'));
  t.after(() => rm(stateDir, { recursive: true, force: true }));
  assert.equal(await readBaseline('dev', baseline.source, stateDir), undefined);
  await writeBaseline({ ...baseline, deadLetters: 9 }, stateDir);
  await writeBaseline(baseline, stateDir);
  assert.deepEqual(await readBaseline('dev', baseline.source, stateDir), baseline);
  assert.equal(await readBaseline('dev', '123456789012 us-east-1', stateDir), undefined);
  assert.equal(await readBaseline('prod', baseline.source, stateDir), undefined);
});

test('a file that is none of ours is an error, not an empty baseline', async (t) => {
  const stateDir = await mkdtemp(join(tmpdir(), 'baseline-'));
  t.after(() => rm(stateDir, { recursive: true, force: true }));
  await writeBaseline(baseline, stateDir);
  await writeFile(join(stateDir, 'baselines', 'dev.json'), '{"deadLetters":"many"}');
  await assert.rejects(readBaseline('dev', baseline.source, stateDir));
});
