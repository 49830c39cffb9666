/** Who gets which role: claims of tokens, put to the trust policies PipelineStack makes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Claims } from '../testing/iam.ts';
import { SAMPLE, samplePipeline } from '../testing/pipeline-sample.ts';

const { repository, ids } = SAMPLE;
const [owner, name] = repository.split('/');
/** The two forms a repository's `sub` has: made before mid-July 2026, and after. */
const FORMS = { plain: repository, 'with ids': `${owner}@${ids.owner}/${name}@${ids.repository}` };

const ref = (file: string, at = 'refs/heads/main', of: string = repository): string =>
  `${of}/.github/workflows/${file}@${at}`;

/** What the token says, the role it is for, and whether it gets it. `{repository}` stands for either form. */
type Row = readonly [role: string, sub: string, workflow: string, expected: 'allowed' | 'denied', why: string];

const two = 'repo:{repository}:environment:two';
const main = 'repo:{repository}:ref:refs/heads/main';
const pull = 'repo:{repository}:pull_request';

const ROWS: readonly Row[] = [
  ['gitops-deploy-two', two, ref('deploy.yml'), 'allowed', 'a promotion'],
  ['gitops-deploy-two', `${two}-rollback`, ref('deploy.yml'), 'allowed', 'a rollback'],
  ['gitops-deploy-two', 'repo:{repository}:environment:one', ref('deploy.yml'), 'denied', 'another environment'],
  ['gitops-deploy-one', two, ref('deploy.yml'), 'denied', 'another environment’s role'],
  ['gitops-deploy-two', `${two}-too`, ref('deploy.yml'), 'denied', 'an environment whose name begins alike'],
  ['gitops-deploy-two', two, ref('promote.yml'), 'denied', 'another workflow file'],
  ['gitops-deploy-two', two, ref('deploy.yml', 'refs/heads/feature'), 'denied', 'the workflow of another branch'],
  ['gitops-deploy-two', two, ref('deploy.yml', 'refs/tags/main'), 'denied', 'the workflow of a tag'],
  ['gitops-deploy-two', two, ref('deploy.yml', 'refs/pull/7/merge'), 'denied', 'the workflow of a pull request'],
  [
    'gitops-deploy-two',
    two,
    ref('deploy.yml', undefined, 'evil/repository'),
    'denied',
    'another repository’s workflow',
  ],
  ['gitops-deploy-two', main, ref('deploy.yml'), 'denied', 'main, past the environment’s rules'],
  ['gitops-deploy-two', pull, ref('pull-request.yml', 'refs/pull/7/merge'), 'denied', 'the pull request’s token'],
  ['gitops-deploy-two', pull, ref('deploy.yml'), 'denied', 'a pull request that calls the workflow of main'],
  ['gitops-destroy-two', two, ref('destroy.yml'), 'allowed', 'a destruction'],
  ['gitops-destroy-two', two, ref('deploy.yml'), 'denied', 'a deployment'],
  ['gitops-destroy-two', `${two}-rollback`, ref('destroy.yml'), 'denied', 'the reviewers of rollbacks'],
  ['gitops-destroy-two', two, ref('destroy.yml', 'refs/heads/feature'), 'denied', 'the workflow of another branch'],
  ['gitops-deploy-two', two, ref('destroy.yml'), 'denied', 'a destruction, for the role of deployments'],
  ['gitops-read-two', pull, ref('pull-request.yml', 'refs/pull/7/merge'), 'allowed', 'the diff of a pull request'],
  ['gitops-read-two', main, ref('drift.yml'), 'allowed', 'a drift check'],
  ['gitops-read-two', main, ref('deploy.yml'), 'allowed', 'the plan before an approval'],
  ['gitops-read-two', main, ref('other.yml'), 'denied', 'another workflow file'],
  ['gitops-read-two', main, ref('drift.yml', 'refs/heads/feature'), 'denied', 'the workflow of another branch'],
  ['gitops-read-two', 'repo:{repository}:ref:refs/heads/feature', ref('drift.yml'), 'denied', 'another branch'],
  ['gitops-read-two', two, ref('drift.yml'), 'denied', 'a job of an environment'],
];

/** These say who they are, in one form of their own. */
const STRANGERS: readonly Row[] = [
  ['gitops-deploy-two', 'repo:evil/example-repository:environment:two', ref('deploy.yml'), 'denied', 'a fork'],
  ['gitops-deploy-two', 'repo:example-org/other:environment:two', ref('deploy.yml'), 'denied', 'another repository'],
  ['gitops-read-two', 'repo:evil/example-repository:pull_request', ref('pull-request.yml'), 'denied', 'a fork'],
  [
    'gitops-deploy-two',
    `repo:${owner}@${ids.owner}/${name}@9999:environment:two`,
    ref('deploy.yml'),
    'denied',
    'another repository that took the name',
  ],
  [
    'gitops-deploy-two',
    `repo:${owner}@9999/${name}@${ids.repository}:environment:two`,
    ref('deploy.yml'),
    'denied',
    'another owner that took the name',
  ],
];

const { policies } = samplePipeline(ids);
const { policies: withoutIds } = samplePipeline();

const claims = (sub: string, job_workflow_ref: string, aud = 'sts.amazonaws.com'): Claims => ({
  aud,
  sub,
  job_workflow_ref,
});

describe('trust', () => {
  for (const [form, inSubject] of Object.entries(FORMS)) {
    for (const [role, sub, workflow, expected, why] of ROWS) {
      it(`${role}, sub ${form}: ${expected} for ${why}`, async () => {
        const asked = claims(sub.replace('{repository}', inSubject), workflow);
        assert.equal(await policies.trustsJob(role, asked), expected === 'allowed');
      });
    }
  }

  for (const [role, sub, workflow, expected, why] of STRANGERS) {
    it(`${role}: ${expected} for ${why}, ${sub}`, async () => {
      assert.equal(await policies.trustsJob(role, claims(sub, workflow)), expected === 'allowed');
    });
  }

  it('is for tokens that were made for AWS', async () => {
    const sub = two.replace('{repository}', repository);
    assert.equal(
      await policies.trustsJob('gitops-deploy-two', claims(sub, ref('deploy.yml'), 'https://example.com')),
      false,
    );
  });

  it('knows no ids before they are configured', async () => {
    const asked = (form: string): Claims => claims(two.replace('{repository}', form), ref('deploy.yml'));
    assert.equal(await withoutIds.trustsJob('gitops-deploy-two', asked(FORMS.plain)), true);
    assert.equal(await withoutIds.trustsJob('gitops-deploy-two', asked(FORMS['with ids'])), false);
  });

  it('of the validate role is the deploy role’s alone, and no job’s', async () => {
    const role = (who: string): string => `arn:aws:iam::${SAMPLE.account}:role/${who}`;
    assert.equal(await policies.trustsPrincipal('gitops-validate-two', role('gitops-deploy-two')), true);
    assert.equal(await policies.trustsPrincipal('gitops-validate-two', role('gitops-deploy-one')), false);
    assert.equal(await policies.trustsPrincipal('gitops-validate-two', role('gitops-read-two')), false);
    const job = claims(two.replace('{repository}', repository), ref('deploy.yml'));
    assert.equal(await policies.trustsJob('gitops-validate-two', job), false);
  });

  it('compares by StringEquals and by nothing else', () => {
    const { template } = samplePipeline(ids);
    const conditions = Object.values(template.Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Role')
      .map(({ Properties }) => JSON.stringify(Properties?.['AssumeRolePolicyDocument']))
      .filter((document) => document.includes('Condition'));
    assert.equal(conditions.length, 6);
    for (const document of conditions) assert.doesNotMatch(document, /StringLike|\*/);
  });
});
