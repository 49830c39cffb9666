/** Trust policies as PipelineStack and `cdk bootstrap` write them, callers that fit and that do not; and what is no answer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { payloadOf, workflowRefOf } from '../oidc/claims.ts';
import { sampleJob } from '../oidc/sample-job.ts';
import { type Caller, evaluateTrust, UnknownTrustError } from './trust.ts';

const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
const KEY = 'token.actions.githubusercontent.com';
const REPOSITORY = 'octo-org/octo-repo';
const WITH_IDS = 'octo-org@12/octo-repo@74';
const deployFile = workflowRefOf(REPOSITORY, 'deploy.yml', 'refs/heads/main');

const statement = (equals: Record<string, unknown>, change: object = {}): object => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: PROVIDER },
  Condition: { StringEquals: { [`${KEY}:aud`]: 'sts.amazonaws.com', ...equals } },
  ...change,
});
const policy = (...statements: object[]): object => ({ Version: '2012-10-17', Statement: statements });
const subjects = (...contexts: string[]): string[] =>
  [REPOSITORY, WITH_IDS].flatMap((form) => contexts.map((context) => `repo:${form}:${context}`));

const deploy = policy(
  statement({
    [`${KEY}:sub`]: subjects('environment:dev', 'environment:dev-rollback'),
    [`${KEY}:job_workflow_ref`]: [deployFile],
  }),
);
const read = policy(
  statement({ [`${KEY}:sub`]: subjects('pull_request') }),
  statement({ [`${KEY}:sub`]: subjects('ref:refs/heads/main'), [`${KEY}:job_workflow_ref`]: [deployFile] }),
);

const token = (claims: Record<string, unknown>, provider = PROVIDER): Caller => ({ kind: 'token', provider, claims });
const jobToken = (change: Parameters<typeof sampleJob>[0] = {}): Caller =>
  token({ aud: 'sts.amazonaws.com', ...payloadOf(sampleJob(change)) });

describe('a GitHub job is let in', () => {
  for (const idsInSubject of [false, true]) {
    const form = idsInSubject ? 'with ids' : 'plain';
    it(`from its environment, sub ${form}`, () => {
      const { allowed, reason } = evaluateTrust(deploy, jobToken({ idsInSubject }));
      assert.equal(allowed, true);
      assert.match(reason, /sub is "repo:.*:environment:dev", job_workflow_ref is ".*deploy\.yml@refs\/heads\/main"/);
    });

    it(`by the second of two statements, sub ${form}`, () => {
      assert.equal(evaluateTrust(read, jobToken({ idsInSubject, environment: undefined })).allowed, true);
    });
  }

  it('where the policy is one statement, and values are no lists', () => {
    const one = { Statement: statement({ [`${KEY}:sub`]: `repo:${REPOSITORY}:environment:dev` }) };
    assert.equal(evaluateTrust(one, jobToken()).allowed, true);
  });
});

describe('a GitHub job is kept out, and told which claim', () => {
  const feature = workflowRefOf(REPOSITORY, 'deploy.yml', 'refs/heads/feature');
  const rows: readonly (readonly [string, Caller, RegExp])[] = [
    ['of another repository', jobToken({ repository: 'evil/octo-repo' }), /sub is "repo:evil/],
    ['of another environment', jobToken({ environment: 'prod' }), /sub is ".*:prod", trusted: ".*:dev" or /],
    ['of a pull request', jobToken({ environment: undefined, event: 'pull_request' }), /sub is ".*:pull_request"/],
    [
      'of another branch',
      jobToken({ jobWorkflowRef: feature }),
      /^job_workflow_ref is ".*feature", trusted: ".*main"$/,
    ],
    [
      'of another file',
      jobToken({ jobWorkflowRef: deployFile.replace('deploy', 'x') }),
      /^job_workflow_ref is ".*x\.yml/,
    ],
    [
      'of a repository that took the name',
      jobToken({ idsInSubject: true, ids: { owner: '12', repository: '9' } }),
      /@9:/,
    ],
    ['with a token for others', token({ ...payloadOf(sampleJob()), aud: 'x' }), /^aud is "x", trusted: "sts/],
    ['with two audiences', token({ ...payloadOf(sampleJob()), aud: ['sts.amazonaws.com', 'x'] }), /^aud is \[/],
    ['without a subject', token({ aud: 'sts.amazonaws.com', job_workflow_ref: deployFile }), /^sub is absent/],
    [
      'of another issuer',
      token({ aud: 'sts.amazonaws.com', ...payloadOf(sampleJob()) }, PROVIDER.replace('token.actions', 'x')),
      /^provider is/,
    ],
  ];
  for (const [what, caller, reason] of rows) {
    it(what, () => {
      const decision = evaluateTrust(deploy, caller);
      assert.equal(decision.allowed, false);
      assert.match(decision.reason, reason);
    });
  }

  it('with what each of several statements wants', () => {
    const { allowed, reason } = evaluateTrust(read, jobToken());
    assert.equal(allowed, false);
    assert.match(reason, /^sub is .*pull_request".*; or: sub is .*refs\/heads\/main"/);
  });

  it('where the role is for others altogether', () => {
    const service = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
    assert.deepEqual(evaluateTrust(policy(service), jobToken()), {
      allowed: false,
      reason: 'no statement is about sts:AssumeRoleWithWebIdentity',
    });
  });

  it('where case differs, or a pattern would be needed', () => {
    assert.equal(evaluateTrust(deploy, jobToken({ environment: 'Dev' })).allowed, false);
    const pattern = policy(statement({ [`${KEY}:sub`]: `repo:${REPOSITORY}:*` }));
    assert.equal(evaluateTrust(pattern, jobToken()).allowed, false);
  });
});

describe('a session of a role', () => {
  const role = (name: string): Caller => ({ kind: 'role', arn: `arn:aws:iam::123456789012:role/${name}` });
  const assume = (AWS: unknown, change: object = {}): object => ({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS },
    ...change,
  });
  const validate = policy(assume('arn:aws:iam::123456789012:role/gitops-deploy-dev'));

  it('is let in where its role is named, and kept out where another is', () => {
    assert.equal(evaluateTrust(validate, role('gitops-deploy-dev')).allowed, true);
    const { allowed, reason } = evaluateTrust(validate, role('gitops-read-dev'));
    assert.equal(allowed, false);
    assert.match(reason, /^caller is ".*gitops-read-dev", trusted: ".*gitops-deploy-dev"$/);
  });

  it('is let in where its account is trusted, as id and as root', () => {
    for (const account of ['123456789012', 'arn:aws:iam::123456789012:root']) {
      assert.equal(evaluateTrust(policy(assume(account)), role('x')).allowed, true);
      assert.equal(
        evaluateTrust(policy(assume(account.replace('123456789012', '999999999999'))), role('x')).allowed,
        false,
      );
    }
  });

  it('is not a job, and no job is it', () => {
    assert.equal(evaluateTrust(deploy, role('gitops-deploy-dev')).allowed, false);
    assert.equal(evaluateTrust(validate, jobToken()).allowed, false);
  });

  it('is let in by the roles of `cdk bootstrap`, unless it gives an external id', () => {
    const noId = { Condition: { Null: { 'sts:ExternalId': 'true' } } };
    const cdk = policy(
      assume('123456789012', noId),
      assume('123456789012', { Action: 'sts:TagSession' }),
      assume([''], noId),
    );
    assert.equal(evaluateTrust(cdk, role('gitops-deploy-dev')).allowed, true);
    assert.equal(evaluateTrust(cdk, { ...role('gitops-deploy-dev'), externalId: 'x' } as Caller).allowed, false);
  });
});

describe('what it does not know is no answer', () => {
  const fits = { [`${KEY}:sub`]: subjects('environment:dev') };
  const unknown: Readonly<Record<string, object>> = {
    'another operator': policy(statement({}, { Condition: { StringLike: fits } })),
    'an operator with a qualifier': policy(statement({}, { Condition: { 'ForAnyValue:StringEquals': fits } })),
    'another key': policy(statement({ ...fits, [`${KEY}:actor`]: 'octocat' })),
    'a key of another issuer': policy(statement({ 'accounts.google.com:aud': 'x' })),
    'a variable': policy(statement({ [`${KEY}:sub`]: `repo:${REPOSITORY}:environment:\${aws:username}` })),
    'a deny': policy(statement(fits), statement(fits, { Effect: 'Deny' })),
    everybody: policy(statement(fits, { Principal: '*' })),
    'any provider': policy(statement(fits, { Principal: { Federated: '*' } })),
    'any account': policy(statement(fits, { Principal: { AWS: '*' } })),
    'all but somebody': policy(statement(fits, { NotPrincipal: { AWS: '123456789012' } })),
    'any action': policy(statement(fits, { Action: 'sts:*' })),
    'all actions but one': policy(statement(fits, { NotAction: 'sts:AssumeRole' })),
    'a null check of a claim': policy(statement({}, { Condition: { Null: { [`${KEY}:sub`]: 'false' } } })),
    'something unknown behind what fits': policy(
      statement(fits),
      statement({}, { Condition: { Bool: { a: 'true' } } }),
    ),
    'an older language': { ...policy(statement(fits)), Version: '2008-10-17' },
    'no policy': {},
  };
  for (const [what, document] of Object.entries(unknown)) {
    it(what, () => {
      assert.throws(
        () => evaluateTrust(document, jobToken()),
        (error) => error instanceof UnknownTrustError && /^can't evaluate the trust policy: /.test(error.message),
      );
    });
  }
});
