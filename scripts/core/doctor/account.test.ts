/** What a prepared account has, and each thing of it that is seen to be otherwise. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../validation/assess.ts';
import { observed } from '../validation/observation.ts';
import { bootstrapExpectations, differing, pipelineChecks, providerExpectations } from './account.ts';

const POLICY = 'arn:aws:iam::123456789012:policy/gitops-cloudformation-execution';

describe('a bootstrap stack', () => {
  const good = {
    state: 'UPDATE_COMPLETE',
    parameters: { CloudFormationExecutionPolicies: POLICY },
    outputs: { BootstrapVersion: '32' },
  };
  const findings = (stack: Partial<typeof good>): string[] =>
    assess({ name: 'CDKToolkit' }, observed({ ...good, ...stack }), bootstrapExpectations(POLICY, 'bootstrap'))
      .filter(({ status }) => status === 'fail')
      .map(({ id }) => id);
  const administrator = { CloudFormationExecutionPolicies: 'arn:aws:iam::aws:policy/AdministratorAccess' };

  it('that settled, is new enough and has the reviewed policy lacks nothing', () => assert.deepEqual(findings({}), []));
  it('fails by its status', () => assert.deepEqual(findings({ state: 'ROLLBACK_COMPLETE' }), ['bootstrap.status']));
  it('fails by its version, also where it names none', () => {
    assert.deepEqual(findings({ outputs: { BootstrapVersion: '5' } }), ['bootstrap.version']);
    assert.deepEqual(findings({ outputs: {} as typeof good.outputs }), ['bootstrap.version']);
  });
  it('fails where CloudFormation may do everything', () => {
    assert.deepEqual(findings({ parameters: administrator }), ['bootstrap.execution-policy']);
    const both = { CloudFormationExecutionPolicies: `${POLICY},${administrator.CloudFormationExecutionPolicies}` };
    assert.deepEqual(findings({ parameters: both }), ['bootstrap.execution-policy']);
  });
});

describe('PipelineStack', () => {
  const role = (name: string) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName: name } });

  it('differs by what is otherwise, missing or too many; order of keys is no difference', () => {
    const deployed = {
      Resources: { A: { Properties: { RoleName: 'a' }, Type: 'AWS::IAM::Role' }, B: role('b'), C: role('c') },
    };
    const wanted = { Resources: { A: role('a'), B: role('x'), D: role('d') } };
    assert.deepEqual(differing(deployed, wanted), ['B', 'C', 'D']);
  });

  it('fails by its status', () => {
    const found = observed({ state: 'UPDATE_ROLLBACK_FAILED', template: {} });
    const checks = pipelineChecks({ name: 'PipelineStack', found, wanted: observed({}), remedy: 'bootstrap' });
    assert.deepEqual(
      checks.filter(({ status }) => status === 'fail').map(({ id }) => id),
      ['pipeline.status'],
    );
  });
});

describe('the provider', () => {
  it('has to know AWS as an audience, and may know others', () => {
    const status = (audiences: readonly string[]) =>
      assess({ name: 'provider' }, observed(audiences), providerExpectations('bootstrap'))[0]?.status;
    assert.deepEqual([status(['a', 'sts.amazonaws.com']), status(['a']), status([])], ['pass', 'fail', 'fail']);
  });
});
