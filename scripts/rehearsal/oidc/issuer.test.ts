/** The issuer is asked as a job asks it, by GitHub's own client too, and what it refuses is refused. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { getIDToken } from '@actions/core';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { GITHUB_ISSUER } from './claims.ts';
import { type Grant, startIssuer } from './issuer.ts';
import { sampleJob } from './sample-job.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const issuer = await startIssuer({ now: () => NOW });
after(() => issuer.close());

const ask = ({ requestUrl }: Pick<Grant, 'requestUrl'>, authorization?: string, method = 'GET'): Promise<Response> =>
  fetch(`${requestUrl}&audience=sts.amazonaws.com`, { method, headers: authorization ? { authorization } : {} });

async function tokenOf(grant: Grant, query = '&audience=sts.amazonaws.com'): Promise<string> {
  const answer = await fetch(`${grant.requestUrl}${query}`, {
    headers: { authorization: `bearer ${grant.requestToken}` },
  });
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { value: string }).value;
}

describe('the issuer', () => {
  it('signs what GitHub says of the job, for five minutes and for the audience asked for', async () => {
    const token = await tokenOf(issuer.grant(sampleJob()));
    const { payload } = await jwtVerify(token, createLocalJWKSet(issuer.keys), { currentDate: NOW });
    assert.equal(decodeProtectedHeader(token).alg, 'RS256');
    assert.equal(payload.iss, GITHUB_ISSUER);
    assert.equal(payload.aud, 'sts.amazonaws.com');
    assert.equal(payload.sub, 'repo:octo-org/octo-repo:environment:dev');
    assert.equal((payload.exp ?? 0) - NOW.getTime() / 1000, 300);
    assert.equal(payload['job_workflow_ref'], 'octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main');
  });

  it('gives every token an id of its own', async () => {
    const grant = issuer.grant(sampleJob());
    const keys = createLocalJWKSet(issuer.keys);
    const ids = await Promise.all(
      [1, 2].map(async () => (await jwtVerify(await tokenOf(grant), keys, { currentDate: NOW })).payload.jti),
    );
    assert.notEqual(ids[0], ids[1]);
  });

  it('makes a token for the owner of the repository where no audience is asked for', async () => {
    const token = await tokenOf(issuer.grant(sampleJob()), '');
    const { payload } = await jwtVerify(token, createLocalJWKSet(issuer.keys), { currentDate: NOW });
    assert.equal(payload.aud, 'https://github.com/octo-org');
  });

  it('answers the client of GitHub’s toolkit', async (t) => {
    const { requestUrl, requestToken } = issuer.grant(sampleJob());
    const variables = { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
    t.after(() => {
      for (const name of Object.keys(variables)) delete process.env[name];
    });
    Object.assign(process.env, variables);
    // It prints the command that masks the token.
    t.mock.method(process.stdout, 'write', () => true);
    const token = await getIDToken('sts.amazonaws.com');
    t.mock.restoreAll();
    await jwtVerify(token, createLocalJWKSet(issuer.keys), { currentDate: NOW, audience: 'sts.amazonaws.com' });
  });

  it('refuses who shows no request token', async () => {
    assert.equal((await ask(issuer.grant(sampleJob()))).status, 401);
  });

  it('refuses who shows another job’s request token', async () => {
    const other = issuer.grant(sampleJob({ environment: 'prod' }));
    assert.equal((await ask(issuer.grant(sampleJob()), `bearer ${other.requestToken}`)).status, 401);
  });

  it('refuses an address it never gave', async () => {
    const { requestToken } = issuer.grant(sampleJob());
    assert.equal((await ask({ requestUrl: `${issuer.url}/token/x?a=b` }, `bearer ${requestToken}`)).status, 401);
  });

  it('refuses to be asked otherwise than by GET', async () => {
    const grant = issuer.grant(sampleJob());
    assert.equal((await ask(grant, `bearer ${grant.requestToken}`, 'POST')).status, 405);
  });

  it('has other keys each time it starts', async () => {
    const other = await startIssuer({ now: () => NOW });
    const token = await tokenOf(other.grant(sampleJob()));
    await other.close();
    await assert.rejects(jwtVerify(token, createLocalJWKSet(issuer.keys), { currentDate: NOW }), /no applicable key/);
  });
});
