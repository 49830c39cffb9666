/** Who gets which role of a real emulated account, with the trust PipelineStack deployed; and what a session may then do. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type AwsClients, createAwsClients } from '../../adapters/aws-clients.ts';
import { GITHUB_ISSUER, type JobClaims } from '../oidc/claims.ts';
import { startIssuer } from '../oidc/issuer.ts';
import { startGate, throughGate } from './gate.ts';
import { type Credentials, fileAt, tokenOf, withGuardedAccount } from './guarded-account.ts';

let gateIsLate = 0;
const later = (ms: number): Date => new Date(Date.now() + ms);
const guarded = await withGuardedAccount({ after }, { gate: () => later(gateIsLate) });
const { account, gate, issuer, decisions, roleArn, clients, token, assume } = guarded;
const administrator = createAwsClients({
  region: 'us-east-1',
  emulator: { endpoint: account.endpoint, credentials: account.client.credentials },
});

const pull: Partial<JobClaims> = {
  environment: undefined,
  event: 'pull_request',
  ref: 'refs/pull/7/merge',
  jobWorkflowRef: fileAt('pull-request.yml', 'refs/pull/7/merge'),
};
const onMain = (file: string): Partial<JobClaims> => ({ environment: undefined, jobWorkflowRef: fileAt(file) });

/** What the caller and what the report learn of a refusal. */
async function refused(asking: Promise<unknown>, code: string, status: number, reason: RegExp): Promise<void> {
  const before = decisions.length;
  await assert.rejects(asking, (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
    assert.equal(error.name.replace(/Exception$/, ''), code.replace(/Exception$/, ''), error.message);
    assert.equal(error.$metadata?.httpStatusCode, status);
    return true;
  });
  const [decision, ...more] = decisions.slice(before);
  assert.equal(decision?.allowed, false);
  assert.match(decision?.reason ?? '', reason);
  assert.deepEqual(more, []);
}

describe('a role is given', () => {
  const rows: readonly (readonly [string, string, Partial<JobClaims>])[] = [
    ['gitops-deploy-dev', 'a promotion', {}],
    ['gitops-deploy-dev', 'a rollback', { environment: 'dev-rollback' }],
    ['gitops-read-dev', 'a pull request', pull],
    ['gitops-read-dev', 'a drift check', onMain('drift.yml')],
    ['gitops-destroy-dev', 'a destruction', { jobWorkflowRef: fileAt('destroy.yml') }],
  ];
  for (const idsInSubject of [false, true]) {
    for (const [role, what, job] of rows) {
      it(`${role} to ${what}, sub ${idsInSubject ? 'with ids' : 'plain'}`, async () => {
        const session = await assume(roleArn(role), await token({ ...job, idsInSubject }));
        const { Arn, Account } = await clients(session).sts.send(new GetCallerIdentityCommand({}));
        assert.equal(Arn, `arn:aws:sts::${account.account}:assumed-role/${role}/test`);
        assert.equal(Account, account.account);
        const decision = decisions.at(-1);
        assert.equal(decision?.allowed, true);
        assert.match(decision?.sub ?? '', idsInSubject ? /^repo:example-org@12\// : /^repo:example-org\//);
        assert.equal(decision?.role, roleArn(role));
        assert.equal(gate.sessions.at(-1)?.role, roleArn(role));
      });
    }
  }
});

describe('AccessDenied: a genuine token the role does not trust', () => {
  const fork = { repository: 'evil/trading-platform-gitops' };
  const rows: readonly (readonly [string, string, Partial<JobClaims>, RegExp])[] = [
    [
      'another repository',
      'gitops-deploy-dev',
      { repository: 'example-org/other' },
      /sub is "repo:example-org\/other:/,
    ],
    ['a fork', 'gitops-read-dev', { ...pull, ...fork }, /sub is "repo:evil\//],
    ['a fork that calls our file', 'gitops-deploy-dev', { ...fork, jobWorkflowRef: fileAt('deploy.yml') }, /^sub is/],
    ['a pull request', 'gitops-deploy-dev', pull, /sub is ".*:pull_request"/],
    [
      'a pull request that calls the file of main',
      'gitops-deploy-dev',
      { ...pull, jobWorkflowRef: fileAt('deploy.yml') },
      /^sub is ".*:pull_request", trusted/,
    ],
    [
      'the workflow of another branch',
      'gitops-deploy-dev',
      { jobWorkflowRef: fileAt('deploy.yml', 'refs/heads/feature') },
      /^job_workflow_ref is ".*@refs\/heads\/feature"/,
    ],
    [
      'another branch',
      'gitops-read-dev',
      { ...onMain('drift.yml'), ref: 'refs/heads/feature' },
      /sub is ".*refs\/heads\/feature"/,
    ],
    ['main past the environment', 'gitops-deploy-dev', { environment: undefined }, /^sub is ".*ref:refs\/heads\/main"/],
    ['another environment', 'gitops-deploy-dev', { environment: 'prod' }, /^sub is ".*environment:prod"/],
    ['another file', 'gitops-deploy-dev', { jobWorkflowRef: fileAt('promote.yml') }, /^job_workflow_ref is ".*promote/],
    ['a deployment', 'gitops-destroy-dev', {}, /^job_workflow_ref is ".*deploy\.yml.*destroy\.yml/],
    ['those who review rollbacks', 'gitops-destroy-dev', { environment: 'dev-rollback' }, /sub is ".*dev-rollback"/],
    ['another file of main', 'gitops-read-dev', onMain('other.yml'), /job_workflow_ref is ".*other\.yml/],
    [
      'a repository that took the name',
      'gitops-deploy-dev',
      { idsInSubject: true, ids: { owner: '12', repository: '9' } },
      /^sub is "repo:example-org@12\/trading-platform-gitops@9:/,
    ],
    ['a job, a role for sessions', 'gitops-validate-dev', {}, /no statement is about sts:AssumeRoleWithWebIdentity/],
    ['anybody, a role that is not there', 'gitops-deploy-nowhere', {}, /there is no role/],
  ];
  for (const [what, role, job, reason] of rows) {
    it(`${what}: ${role}`, async () => {
      await refused(assume(roleArn(role), await token(job)), 'AccessDenied', 403, reason);
    });
  }

  it('says to the caller what AWS says, and no more', async () => {
    const asking = assume(roleArn('gitops-deploy-dev'), await token(pull));
    await assert.rejects(asking, { message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' });
  });

  it('a role of another account', async () => {
    const elsewhere = 'arn:aws:iam::999999999999:role/gitops-deploy-dev';
    await refused(assume(elsewhere, await token()), 'AccessDenied', 403, /is not in account 123456789012/);
  });
});

describe('InvalidIdentityToken', () => {
  const deploy = roleArn('gitops-deploy-dev');
  const deny = (forged: string, reason: RegExp) => refused(assume(deploy, forged), 'InvalidIdentityToken', 400, reason);

  it('a token for another audience', async () => {
    await deny(await token({}, 'https://example.com'), /^Incorrect token audience$/);
  });

  it('a token signed by another issuer that calls itself GitHub’s', async (t) => {
    const impostor = await startIssuer();
    t.after(() => impostor.close());
    await deny(await tokenOf(impostor), /could not be validated: no applicable key/);
  });

  it('a token whose claims were changed after it was signed', async () => {
    const [header, payload = '', signature] = (await token(pull)).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = { ...claims, sub: 'repo:example-org/trading-platform-gitops:environment:dev' };
    const forged = Buffer.from(JSON.stringify(changed)).toString('base64url');
    await deny(`${header}.${forged}.${signature}`, /signature verification failed/);
  });

  it('a token without a signature, and one signed by what is public', async () => {
    const [, payload] = (await token()).split('.');
    const header = (alg: string) => Buffer.from(JSON.stringify({ alg, kid: 'x' })).toString('base64url');
    await deny(`${header('none')}.${payload}.`, /"alg" .*not allowed/);
    const secret = new TextEncoder().encode(JSON.stringify(issuer.keys.keys[0]));
    const symmetric = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setIssuer(GITHUB_ISSUER).sign(secret);
    await deny(symmetric, /"alg" .*not allowed/);
  });

  it('a token that never ends', async (t) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const reasons: string[] = [];
    const own = await startGate({
      account: account.account,
      upstream: { endpoint: account.endpoint, credentials: account.client.credentials },
      issuer: { keys: { keys: [await exportJWK(publicKey)] } },
      report: ({ reason }) => void reasons.push(reason),
    });
    t.after(() => own.close());
    const endless = new SignJWT({}).setProtectedHeader({ alg: 'RS256' }).setIssuer(GITHUB_ISSUER);
    const WebIdentityToken = await endless.setAudience('sts.amazonaws.com').sign(privateKey);
    const { sts } = createAwsClients({
      region: 'us-east-1',
      emulator: { ...own, credentials: account.client.credentials },
    });
    const request = { RoleArn: deploy, RoleSessionName: 'test', WebIdentityToken };
    await assert.rejects(sts.send(new AssumeRoleWithWebIdentityCommand(request)), /missing required "exp" claim/);
    assert.deepEqual(reasons, ['The token could not be validated: missing required "exp" claim']);
  });

  it('what is no token', async () => {
    await deny('not-a-token', /is not a valid JWT/);
  });

  it('a token of an issuer the account has no provider for', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const other = new SignJWT({}).setProtectedHeader({ alg: 'RS256' }).setIssuer('https://gitlab.example.com');
    await deny(await other.sign(privateKey), /^No OpenIDConnect provider found .* https:\/\/gitlab\.example\.com$/);
  });

  it('a token of a provider whose keys nobody has', async () => {
    await administrator.iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: 'https://other.example.com', ClientIDList: ['sts.amazonaws.com'] }),
    );
    const { privateKey } = await generateKeyPair('RS256');
    const other = new SignJWT({}).setProtectedHeader({ alg: 'RS256' }).setIssuer('https://other.example.com');
    await deny(await other.sign(privateKey), /^Couldn't retrieve verification key/);
  });
});

describe('other refusals of STS', () => {
  it('ExpiredTokenException: a token that is over', async (t) => {
    const past = await token();
    gateIsLate = 301_000;
    t.after(() => {
      gateIsLate = 0;
    });
    await refused(assume(roleArn('gitops-deploy-dev'), past), 'ExpiredTokenException', 400, /^Token expired: current/);
  });

  it('ValidationError: a session longer than the role gives', async () => {
    const asking = assume(roleArn('gitops-deploy-dev'), await token(), 3_601);
    await refused(asking, 'ValidationError', 400, /exceeds the MaxSessionDuration/);
  });

  it('ValidationError: what is no role', async () => {
    await refused(assume('gitops-deploy-dev', await token()), 'ValidationError', 400, /is invalid/);
  });

  it('ValidationError: no token', async () => {
    await refused(assume(roleArn('gitops-deploy-dev'), ''), 'ValidationError', 400, /'WebIdentityToken' failed/);
  });

  it('MalformedPolicyDocument: trust that can’t be evaluated lets nobody in', async () => {
    const provider = `arn:aws:iam::${account.account}:oidc-provider/token.actions.githubusercontent.com`;
    const statement = {
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: provider },
      Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': '*' } },
    };
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await administrator.iam.send(new CreateRoleCommand({ RoleName: 'loose', AssumeRolePolicyDocument: document }));
    const asking = assume(roleArn('loose'), await token());
    await refused(asking, 'MalformedPolicyDocument', 400, /loose: can't evaluate .*StringLike/);
  });
});

describe('a role takes a role', () => {
  const take = async (from: Credentials, RoleArn: string, change: object = {}): Promise<Credentials> => {
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'chained', ...change });
    const { Credentials: given } = await clients(from).sts.send(command);
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = given ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
  const deploy = () => token().then((own) => assume(roleArn('gitops-deploy-dev'), own));
  const validate = roleArn('gitops-validate-dev');

  it('deploy the validate role and those of `cdk bootstrap`, and their sessions are known', async () => {
    const session = await deploy();
    const cdk = ['deploy', 'file-publishing'].map((kind) => `cdk-hnb659fds-${kind}-role-${account.account}-us-east-1`);
    for (const role of [validate, ...cdk.map(roleArn)]) {
      const taken = await take(session, role);
      const { Arn } = await clients(taken).sts.send(new GetCallerIdentityCommand({}));
      assert.match(Arn ?? '', new RegExp(`assumed-role/${role.split('/')[1]}/chained$`));
      assert.equal(decisions.at(-1)?.action, 'AssumeRole');
      assert.match(decisions.at(-1)?.sub ?? '', /:environment:dev$/);
    }
  });

  it('AccessDenied: the read role the validate role', async () => {
    const session = await assume(roleArn('gitops-read-dev'), await token(pull));
    await refused(take(session, validate), 'AccessDenied', 403, /^caller is ".*read-dev", trusted: ".*deploy-dev"$/);
  });

  it('ValidationError: for more than an hour', async () => {
    const asking = take(await deploy(), validate, { DurationSeconds: 3_601 });
    await refused(asking, 'ValidationError', 400, /1 hour session limit/);
  });

  it('nobody without a session, whatever is asked', async () => {
    const own = account.client.credentials;
    await assert.rejects(take(own, validate), { name: 'InvalidClientTokenId' });
  });
});

/** One call of each protocol: form, two versions of JSON, REST with JSON and with XML, EC2's own. */
const CALLS: Readonly<Record<string, (own: AwsClients) => Promise<unknown>>> = {
  sts: ({ sts }) => sts.send(new GetCallerIdentityCommand({})),
  cloudformation: ({ cloudformation }) => cloudformation.send(new ListStacksCommand({})),
  ssm: ({ ssm }) => ssm.send(new DescribeParametersCommand({})),
  lambda: ({ lambda }) => lambda.send(new ListFunctionsCommand({})),
  s3: ({ s3 }) => s3.send(new ListBucketsCommand({})),
  ec2: ({ ec2 }) => ec2.send(new DescribeVpcsCommand({})),
};
const INVALID: Readonly<Record<string, string>> = {
  sts: 'InvalidClientTokenId',
  cloudformation: 'InvalidClientTokenId',
  ssm: 'UnrecognizedClientException',
  lambda: 'UnrecognizedClientException',
  s3: 'InvalidAccessKeyId',
  ec2: 'AuthFailure',
};

for (const [service, call] of Object.entries(CALLS)) {
  describe(`calls of ${service}`, () => {
    it('are answered for a session', async () => {
      await call(clients(await assume(roleArn('gitops-read-dev'), await token(pull))));
    });

    it('are refused for the account’s own credentials, which the emulator behind would take', async () => {
      await call(administrator);
      await assert.rejects(call(clients(account.client.credentials)), { name: INVALID[service] });
    });

    it('are refused for a session’s key with another token', async () => {
      const session = await assume(roleArn('gitops-read-dev'), await token(pull));
      const own = clients({ ...session, sessionToken: 'garbage' });
      await assert.rejects(call(own), { name: INVALID[service] });
    });

    it('are refused when the session is over', async (t) => {
      const session = await assume(roleArn('gitops-read-dev'), await token(pull), 900);
      gateIsLate = 901_000;
      t.after(() => {
        gateIsLate = 0;
      });
      await assert.rejects(call(clients(session)), { name: /^ExpiredToken(Exception)?$/ });
    });
  });
}

/** The path as it stands: `fetch` would tidy it first. */
async function post(path: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const call = request({ host: '127.0.0.1', port: gate.port, path, method: 'POST' }).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, text: await readText(answer) };
}

describe('the gate', () => {
  it('passes an upload of any size through unchanged', async () => {
    await administrator.s3.send(new CreateBucketCommand({ Bucket: 'large-things' }));
    const session = await assume(roleArn('gitops-deploy-dev'), await token());
    const { s3 } = clients(session);
    const body = randomBytes(24 * 1024 * 1024);
    const place = { Bucket: 'large-things', Key: 'a/b c+d' };
    await s3.send(new PutObjectCommand({ ...place, Body: body }));
    const { Body } = await s3.send(new GetObjectCommand(place));
    const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    assert.equal(digest((await Body?.transformToByteArray()) ?? new Uint8Array()), digest(body));
  });

  it('refuses an unsigned call, a presigned one of nobody, and the emulator’s own doors', async () => {
    const presigned =
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=123456789012%2F20261123%2Fus-east-1%2Fs3%2Faws4_request';
    for (const [path, code] of [
      ['/large-things/a', 'MissingAuthenticationToken'],
      [`/large-things/a?${presigned}`, 'InvalidAccessKeyId'],
      ['/_ministack/reset', 'MissingAuthenticationToken'],
      ['/restapis/x/v1', 'MissingAuthenticationToken'],
      ['/restapis/x/v1/_user_request_/../../../../large-things/a', 'MissingAuthenticationToken'],
      ['/restapis/x/v1/_user_request_/%2e%2e/%2e%2e/%2e%2e/%2e%2e/large-things/a', 'MissingAuthenticationToken'],
    ]) {
      const answer = await post(path as string);
      assert.equal(answer.status, 403, path);
      assert.match(answer.text, new RegExp(code as string), path);
    }
  });

  it('reads no other protocol of STS: what it can’t read it can’t judge', async () => {
    const answer = await fetch(`${gate.endpoint}/`, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSSecurityTokenServiceV20110615.AssumeRoleWithWebIdentity' },
    });
    assert.equal(answer.status, 400);
  });

  it('lets anybody ask whether the account is up, and customers call the API', async () => {
    assert.equal((await fetch(`${gate.endpoint}/_ministack/health`)).status, 200);
    // No API is deployed: the answer is the emulator's, and not a refusal.
    assert.equal((await fetch(`${gate.endpoint}/restapis/none/v1/_user_request_/health`)).status, 404);
  });

  it('is what the record of the account is aimed at', () => {
    const { stateDir: _, client: __, ...record } = account;
    assert.deepEqual(throughGate(record, gate), {
      ...record,
      endpoint: gate.endpoint,
      port: gate.port,
      signedBy: 'environment',
    });
  });

  it('answers 502 with the reason when the account behind it is gone, and ends with every connection', async () => {
    const own = await startGate({
      account: account.account,
      upstream: { endpoint: 'http://127.0.0.1:1', credentials: account.client.credentials },
      issuer,
      report: () => {},
    });
    const answer = await fetch(`${own.endpoint}/_ministack/health`);
    assert.equal(answer.status, 502);
    assert.match(await answer.text(), /emulated account at http:\/\/127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/);
    await own.close();
    await assert.rejects(fetch(`${own.endpoint}/_ministack/health`));
  });
});

it('a role asked for in a query string is judged all the same', async () => {
  const query = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: roleArn('gitops-deploy-dev'),
    RoleSessionName: 'test',
    WebIdentityToken: await token(pull),
  });
  const answer = await fetch(`${gate.endpoint}/?${query}`);
  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /<Code>AccessDenied<\/Code>/);
  assert.match(decisions.at(-1)?.reason ?? '', /^sub is/);
});
