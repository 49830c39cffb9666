import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { run } from './run.ts';

async function accounts(variables: string | undefined) {
  const exported: Record<string, string> = {};
  const result = await run(
    { variables },
    {
      loadEnvironments: (given) => loadEnvironments({ variables: given }),
      exportVariables: async (found) => void Object.assign(exported, found),
    },
  );
  return { exported, ...result };
}

describe('accounts', () => {
  it('hands on the overrides of environments, and no other variable', async () => {
    const { exported, text } = await accounts(
      JSON.stringify({ CDK_PROD_ACCOUNT: '999999999999', ATTEST_RELEASES: 'true', CDK_NOWHERE_ACCOUNT: '1' }),
    );
    assert.deepEqual(exported, { CDK_PROD_ACCOUNT: '999999999999' });
    assert.match(text, /prod: 999999999999, by the variable CDK_PROD_ACCOUNT/);
    assert.match(text, /dev: 123456789012, as its file says/);
  });

  for (const none of [undefined, '', '{}', 'null', JSON.stringify({ CDK_DEV_ACCOUNT: '' })]) {
    it(`hands on nothing of ${JSON.stringify(none)}`, async () => {
      assert.deepEqual((await accounts(none)).exported, {});
    });
  }

  it('refuses a malformed account', async () => {
    await assert.rejects(accounts('{"CDK_DEV_ACCOUNT":"12"}'), /12 digits in CDK_DEV_ACCOUNT/);
  });

  for (const wrong of ['{', '[]', '"x"', '{"A":1}']) {
    it(`refuses ${wrong}`, async () => {
      await assert.rejects(accounts(wrong), /toJSON\(vars\)/);
    });
  }
});
