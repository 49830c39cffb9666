/** Whose credentials these are decides whether a command starts at all. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { STSClient } from '@aws-sdk/client-sts';
import { loadEnvironments } from '../../environments/load.ts';
import { type Dependencies, NoCredentialsError, resolveTargets, WrongAccountError } from './resolve-targets.ts';

const [dev, staging] = loadEnvironments({ variables: {} });
assert.ok(dev && staging);

/** STS that says the caller is in `account`, or fails. */
function sts(answer: string | Error): Dependencies {
  const send = async () => {
    if (answer instanceof Error) throw answer;
    return { Account: answer, Arn: `arn:aws:iam::${answer}:user/someone` };
  };
  return {
    stsFor: () => ({ send }) as unknown as Pick<STSClient, 'send'>,
    createLocalTarget: async (environment) => ({
      environment,
      account: 'local',
      region: '',
      unanswerable: [{ id: 'x', reason: '' }],
    }),
  };
}

describe('resolveTargets', () => {
  it('gives AWS targets without anything unanswerable when the account is right', async () => {
    assert.deepEqual(await resolveTargets([dev], { local: false }, sts(dev.account)), [
      { environment: dev, account: dev.account, region: 'us-east-1', unanswerable: [] },
    ]);
  });

  it('names every environment whose account is another, what was found, and what to do', async () => {
    await assert.rejects(resolveTargets([dev, staging], { local: false }, sts(dev.account)), (error: unknown) => {
      assert.ok(error instanceof WrongAccountError);
      assert.match(error.message, /belong to account 123456789012 \(arn:aws:iam::123456789012:user\/someone\)/);
      assert.match(error.message, /staging is in account 234567890123\..*CDK_STAGING_ACCOUNT=123456789012/);
      assert.doesNotMatch(error.message, / {2}dev is in/);
      return true;
    });
  });

  for (const name of ['CredentialsProviderError', 'ExpiredToken', 'InvalidClientTokenId']) {
    it(`says how to sign in on ${name}`, async () => {
      const error = Object.assign(new Error('no way'), { name });
      await assert.rejects(resolveTargets([dev], { local: false }, sts(error)), NoCredentialsError);
    });
  }

  it('passes on what has nothing to do with credentials', async () => {
    const error = Object.assign(new Error('down'), { name: 'ServiceUnavailable' });
    await assert.rejects(resolveTargets([dev], { local: false }, sts(error)), error);
  });

  describe('of emulated accounts that take sessions only', () => {
    /** @param refusals by account: what its STS says. */
    const guarded = (refusals: Readonly<Record<string, Error>>): Dependencies => ({
      stsFor: ({ emulator }) => {
        const { accessKeyId = '' } = emulator?.credentials ?? {};
        return sts(refusals[accessKeyId] ?? accessKeyId).stsFor({ region: '' });
      },
      createLocalTarget: async (environment) => ({
        environment,
        account: environment.account,
        region: environment.region,
        emulator: {
          endpoint: 'http://127.0.0.1:1',
          credentials: { accessKeyId: environment.account, secretAccessKey: 's', sessionToken: 't' },
          signedBy: 'environment',
        },
        unanswerable: [],
      }),
    });
    const refusal = Object.assign(new Error('The security token included in the request is invalid.'), {
      name: 'InvalidClientTokenId',
    });

    it('asks each whether it takes the credentials', async () => {
      assert.equal((await resolveTargets([dev, staging], { local: true }, guarded({}))).length, 2);
    });

    it('names the one that does not, and what to set', async () => {
      await assert.rejects(
        resolveTargets([dev, staging], { local: true }, guarded({ [staging.account]: refusal })),
        (error: unknown) => {
          assert.ok(error instanceof NoCredentialsError);
          assert.match(error.message, /^The emulated account 234567890123 of staging takes no call .*token .*invalid/);
          assert.match(error.message, /sessions of its roles: set AWS_ACCESS_KEY_ID, .* and AWS_SESSION_TOKEN/);
          return true;
        },
      );
    });
  });

  it('asks the emulator, and not STS, with --local', async () => {
    const targets = await resolveTargets([dev, staging], { local: true }, sts(new Error('asked')));
    assert.deepEqual(
      targets.map(({ environment, account }) => [environment.name, account]),
      [
        ['dev', 'local'],
        ['staging', 'local'],
      ],
    );
  });
});
