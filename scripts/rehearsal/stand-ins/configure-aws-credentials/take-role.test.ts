/** A token becomes a session of a role, or the step says why not. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { writeAccount } from '../../../adapters/emulator/account-state.ts';
import { quietSdkNodeWarning } from '../../../adapters/variables.ts';
import { startFakeSts } from '../testing/fake-sts.ts';
import { type RecordedStep, recordedStep } from '../testing/recorded-step.ts';
import { emulatedSts } from './emulated-sts.ts';
import { readSettings } from './settings.ts';
import { type Dependencies, type Sts, takeRole } from './take-role.ts';

quietSdkNodeWarning();
const role = 'arn:aws:iam::123456789012:role/gitops-read-dev';
const inputs = {
  'aws-region': 'us-east-1',
  'role-to-assume': role,
  'role-session-name': 'gitops-7-1',
  audience: 'sts.amazonaws.com',
};
const variables = {
  GITHUB_REPOSITORY: 'acme/trading',
  GITHUB_WORKFLOW: 'Deploy',
  GITHUB_ACTION: 'run',
  GITHUB_ACTOR: 'alice',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_WORKSPACE: '/w',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/token?api-version=2',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
const session = {
  accessKeyId: 'ASIA1',
  secretAccessKey: 'secret-1',
  sessionToken: 'session-1',
  expiration: '2026-01-01T01:00:00.000Z',
  assumedRole: 'AROA1:gitops-7-1',
};

interface Played extends Dependencies {
  readonly asked: string[];
}

function dependencies(sts: Partial<Sts> = {}): Played {
  const asked: string[] = [];
  return {
    asked,
    idToken: async (audience) => {
      asked.push(`token for ${audience}`);
      return 'jwt';
    },
    sts: {
      assume: async (settings, token) => {
        asked.push(`${settings.role} with ${token}`);
        return session;
      },
      accountOf: async () => '123456789012',
      ...sts,
    },
    wait: async () => {},
  };
}

const job = (more: Record<string, string> = {}, environment: Record<string, string | undefined> = {}): RecordedStep =>
  recordedStep({ ...inputs, ...more }, { ...variables, ...environment });

describe('a role is taken on', () => {
  it('with the token of the job, and its session is for the later steps', async () => {
    const [step, played] = [job({ 'allowed-account-ids': '123456789012' }), dependencies()];
    await takeRole(step, played);
    assert.deepEqual(played.asked, ['token for sts.amazonaws.com', `${role} with jwt`]);
    assert.deepEqual(step.exported, {
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'ASIA1',
      AWS_SECRET_ACCESS_KEY: 'secret-1',
      AWS_SESSION_TOKEN: 'session-1',
    });
    assert.deepEqual(step.masked, ['ASIA1', 'secret-1', 'session-1']);
    assert.deepEqual(step.outputs, { 'aws-account-id': '123456789012' });
  });

  it('for outputs only where that is asked for', async () => {
    const step = job({ 'output-env-credentials': 'false', 'output-credentials': 'true' });
    await takeRole(step, dependencies());
    assert.deepEqual(step.exported, {});
    assert.deepEqual(step.outputs, {
      'aws-access-key-id': 'ASIA1',
      'aws-secret-access-key': 'secret-1',
      'aws-session-token': 'session-1',
      'aws-expiration': session.expiration,
    });
  });

  it('after failures, each of which is told', async () => {
    let calls = 0;
    const assume = async (): Promise<typeof session> => {
      calls += 1;
      if (calls < 3) throw new Error('throttled');
      return session;
    };
    const step = job();
    await takeRole(step, dependencies({ assume }));
    assert.equal(calls, 3);
    assert.equal(step.said.filter((line) => /attempt \d of 12 failed: throttled/.test(line)).length, 2);
  });
});

describe('no role is taken on', () => {
  const denied = (): { calls: number; sts: Partial<Sts> } => {
    const state = {
      calls: 0,
      sts: {
        assume: async (): Promise<never> => {
          state.calls += 1;
          throw new Error('Not authorized to perform sts:AssumeRoleWithWebIdentity');
        },
      },
    };
    return state;
  };

  it('without the permission id-token: write, which is hinted at', async () => {
    const step = job({}, { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined });
    await assert.rejects(takeRole(step, dependencies()), /No credentials can be had/);
    assert.match(step.said.join(), /lack the permission id-token: write/);
    assert.equal(step.exported['AWS_ACCESS_KEY_ID'], undefined);
  });

  it('with half of what a token is asked for with', async () => {
    const step = job({}, { ACTIONS_ID_TOKEN_REQUEST_URL: '' });
    await assert.rejects(takeRole(step, dependencies()), /no ACTIONS_ID_TOKEN_REQUEST_URL/);
  });

  it('that does not trust the job: after twelve attempts, with the words of STS', async () => {
    const play = denied();
    await assert.rejects(takeRole(job(), dependencies(play.sts)), {
      message: `Role ${role} was not given in 12 attempt(s): Not authorized to perform sts:AssumeRoleWithWebIdentity`,
    });
    assert.equal(play.calls, 12);
  });

  for (const [name, value, calls] of [
    ['disable-retry', 'true', 1],
    ['retry-max-attempts', '3', 3],
    ['retry-max-attempts', '-2', 1],
  ] as const) {
    it(`after ${calls} attempts with ${name}: ${value}`, async () => {
      const play = denied();
      await assert.rejects(takeRole(job({ [name]: value }), dependencies(play.sts)), /was not given/);
      assert.equal(play.calls, calls);
    });
  }

  it('of an account that is not allowed', async () => {
    const step = job({ 'allowed-account-ids': '234567890123, 345678901234' });
    await assert.rejects(takeRole(step, dependencies()), /account 123456789012, .* has 234567890123, 345678901234/);
  });

  it('whose session is not taken', async () => {
    const accountOf = async (): Promise<never> => {
      throw new Error('InvalidClientTokenId');
    };
    await assert.rejects(takeRole(job(), dependencies({ accountOf })), /identity of the session.*InvalidClientTokenId/);
  });

  it('where the issuer gives no token', async () => {
    const idToken = async (): Promise<never> => {
      throw new Error('401');
    };
    await assert.rejects(
      takeRole(job(), { ...dependencies(), idToken }),
      /The OIDC token of the job was not given.*401/,
    );
  });

  it('outside a job', async () => {
    await assert.rejects(takeRole(job({}, { GITHUB_WORKFLOW: '' }), dependencies()), /GITHUB_WORKFLOW/);
  });

  it('beside credentials that are there: not played', async () => {
    const bare = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '', AWS_ACCESS_KEY_ID: 'AKIA1' };
    await assert.rejects(takeRole(job({}, bare), dependencies()), /not played/);
  });
});

describe('configure-aws-credentials refuses', () => {
  for (const [name, value, message] of [
    ['aws-region', '', /aws-region is needed/],
    ['aws-region', 'us east', /"us east", which is no region/],
    ['aws-region', 'US-EAST-1', /which is no region/],
    ['role-to-assume', 'gitops-read-dev', /a role without its account/],
    ['role-to-assume', 'arn:aws:iam::12:role/x', /no ARN of a role/],
    ['role-to-assume', '', /other kinds are not played/],
    ['role-session-name', 'x', /has 1 characters; allowed: 2 to 64/],
    ['role-session-name', 'x'.repeat(65), /has 65 characters/],
    ['role-session-name', 'gitops 7/1', /"gitops 7\/1"; allowed: letters/],
    ['role-duration-seconds', '60', /60; STS takes 900 to 43200/],
    ['disable-retry', 'yes', /disable-retry is "yes"/],
    ['role-chaining', 'true', /does not play role-chaining/],
    ['aws-access-key-id', 'AKIA1', /does not play aws-access-key-id/],
  ] as const) {
    it(`${name}: ${JSON.stringify(value.slice(0, 20))}`, () => {
      assert.throws(() => readSettings({ ...inputs, [name]: value }), message);
    });
  }

  it('nothing of what the workflows give', () => {
    const { account, sessionName, attempts, duration } = readSettings(inputs);
    assert.deepEqual([account, sessionName, attempts, duration], ['123456789012', 'gitops-7-1', 12, 3600]);
    assert.equal(readSettings({ ...inputs, 'role-session-name': '' }).sessionName, 'GitHubActions');
  });
});

describe('STS of an emulated account', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'sts-'));
  after(() => rmSync(stateDir, { recursive: true, force: true }));
  const place = { GITOPS_STATE_DIR: stateDir };

  it('is asked at the gate that its record names', async () => {
    const sts = await startFakeSts('123456789012');
    after(() => sts.close());
    const { endpoint, port } = sts;
    const record = { account: '123456789012', endpoint, port, pid: 1, startedAt: 'x', instance: 'x' };
    await writeAccount({ ...record, environments: ['dev'] }, stateDir);
    const step = job();
    await takeRole(step, { ...dependencies(), sts: emulatedSts(place) });
    assert.equal(step.exported['AWS_ACCESS_KEY_ID'], 'ASIA2');
    const [assumed, identified] = sts.asked;
    assert.deepEqual(
      ['Action', 'RoleArn', 'RoleSessionName', 'DurationSeconds', 'WebIdentityToken'].map((name) =>
        assumed?.call.get(name),
      ),
      ['AssumeRoleWithWebIdentity', role, 'gitops-7-1', '3600', 'jwt'],
    );
    assert.equal(assumed?.signature, undefined);
    assert.equal(identified?.call.get('Action'), 'GetCallerIdentity');
    assert.match(identified?.signature ?? '', /Credential=ASIA2\//);
  });

  it('is not there for an account that is not emulated, and that is not tried again', async () => {
    const elsewhere = job({ 'role-to-assume': role.replace('123456789012', '999999999999') });
    await assert.rejects(
      takeRole(elsewhere, { ...dependencies(), sts: emulatedSts(place) }),
      /There is no emulated account 999999999999/,
    );
    assert.deepEqual(elsewhere.said, []);
  });
});
