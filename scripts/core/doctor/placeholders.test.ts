/** What is still as the template has it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { findPlaceholders } from './placeholders.ts';

const environments = loadEnvironments({ variables: {} });
const own = environments.map((each) => ({
  ...each,
  account: '111122223333',
  monitoring: { notificationEmails: ['a@b.c'] },
}));
const found = (input: Parameters<typeof findPlaceholders>[0]): string[] =>
  findPlaceholders(input)
    .filter(({ status }) => status === 'fail')
    .map(({ subject, actual, detail }) => `${subject} ${JSON.stringify(actual)} ${detail}`);

describe('placeholders', () => {
  it('are none where everything is one’s own', () => {
    assert.deepEqual(found({ files: { 'cdk.json': '"repository": "acme/trading"' }, environments: own }), []);
  });

  it('are found in files, each once', () => {
    const files = { 'cdk.json': '"example-org/a"', CODEOWNERS: '* @example-org/x\n/a @example-org/x @acme/y\n' };
    assert.deepEqual(found({ files, environments: own }), [
      'cdk.json ["example-org/a"] Put your own into cdk.json.',
      'CODEOWNERS ["@example-org/x"] Put your own into CODEOWNERS.',
    ]);
  });

  it('are the accounts and addresses the environments are shipped with', () => {
    const all = found({ files: {}, environments });
    assert.equal(all.length, 6);
    assert.match(all[0] ?? '', /^environments\/dev\.json: account \["123456789012"\] Put the account's id/);
    assert.match(all[1] ?? '', /notificationEmails \["trading-platform-dev@example\.com"\] Nobody hears/);
  });
});
