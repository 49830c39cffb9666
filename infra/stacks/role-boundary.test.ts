/** Every role a stack of an environment makes stays below the boundary, and the boundary leaves it all it asks for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FleetResource, makeFleet } from '../testing/fleet.ts';
import { boundaryStatements } from './pipeline-boundary.ts';
import { PipelineStack } from './pipeline-stack.ts';

const stacks = makeFleet().filter(({ stack }) => !(stack instanceof PipelineStack));
const rolesOf = (template: { readonly Resources: Readonly<Record<string, FleetResource>> }) =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');

describe('the role boundary', () => {
  it('is on every role, those that CDK makes by itself included', () => {
    const roles = stacks.flatMap(({ stack, environment, template }) =>
      rolesOf(template).map(([id, { Properties }]) => ({ id, stack, environment, Properties })),
    );
    assert.ok(roles.some(({ id }) => id.startsWith('CustomVpcRestrictDefaultSG')));
    for (const { id, stack, environment, Properties } of roles) {
      const boundary = `arn:aws:iam::${environment.account}:policy/gitops-boundary`;
      assert.equal(Properties?.['PermissionsBoundary'], boundary, `${stack.stackName}/${id}`);
    }
  });

  it('leaves every action that a role is given', () => {
    const left = boundaryStatements({ partition: 'aws', account: '111122223333' }).flatMap(({ actions }) => actions);
    const isLeft = (action: string): boolean =>
      left.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action));
    const asked = new Set(stacks.flatMap(({ template }) => Object.values(template.Resources).flatMap(allowedActions)));
    assert.ok(asked.has('dynamodb:UpdateItem'));
    assert.deepEqual(
      [...asked].filter((action) => !isLeft(action)),
      [],
      'add them to pipeline-boundary.ts; an administrator has to run bootstrap before the release that needs them',
    );
  });
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}

function allowedActions({ Type, Properties = {} }: FleetResource): string[] {
  const inline = ((Properties['Policies'] ?? []) as readonly { readonly PolicyDocument: unknown }[]).map(
    (policy) => policy.PolicyDocument,
  );
  const documents =
    Type === 'AWS::IAM::Policy' ? [Properties['PolicyDocument']] : Type === 'AWS::IAM::Role' ? inline : [];
  return documents
    .flatMap((document) => (document as { readonly Statement: readonly Statement[] }).Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action);
}
