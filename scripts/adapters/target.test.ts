import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reaches } from './target.ts';

const account = '123456789012';
const other = { account: '234567890123' };
const emulator = { endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: account, secretAccessKey: 'local' } };

test('credentials of the environment end at their account, those of an emulated account do not', () => {
  assert.equal(reaches({ account }, { account }), true);
  assert.equal(reaches({ account }, other), false);
  assert.equal(reaches({ account, emulator }, other), true);
  assert.equal(reaches({ account, emulator: { ...emulator, signedBy: 'environment' } }, other), false);
  assert.equal(reaches({ account, emulator: { ...emulator, signedBy: 'environment' } }, { account }), true);
});
