/** Declared properties of roles and the policies that stacks attach to them. What is there beyond, `roles` finds. */
import { GetRoleCommand, GetRolePolicyCommand, paginateListAttachedRolePolicies } from '@aws-sdk/client-iam';
import type { AwsClients } from '../../aws-clients.ts';
import { decodedPolicy } from '../roles.ts';
import { type Properties, type Readers, there } from './reader.ts';

export const IDENTITY_READERS: Readers = {
  'AWS::IAM::Role': {
    read: async ({ physicalId, declared, context: { clients } }) => {
      const request = { RoleName: physicalId };
      const [{ Role }, managed, policies] = await Promise.all([
        clients.iam.send(new GetRoleCommand(request)),
        attachedPolicies(physicalId, clients),
        Promise.all(namesOf(declared).map((name) => inlinePolicy(physicalId, name, clients))),
      ]);
      const found = there(Role, physicalId);
      return {
        AssumeRolePolicyDocument: decodedPolicy(found.AssumeRolePolicyDocument),
        Description: found.Description,
        ManagedPolicyArns: managed,
        MaxSessionDuration: found.MaxSessionDuration,
        Path: found.Path,
        PermissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn,
        Policies: policies.filter((each) => each !== undefined),
        RoleName: found.RoleName,
      };
    },
  },
  'AWS::IAM::Policy': {
    read: async ({ declared, physicalId, context: { clients } }) => {
      const name = String(declared['PolicyName']);
      const roles = (declared['Roles'] ?? []) as readonly string[];
      const found = await Promise.all(roles.map((role) => inlinePolicy(role, name, clients)));
      const having = roles.filter((_role, index) => found[index] !== undefined);
      const { PolicyDocument, PolicyName } = there(
        found.find((each) => each !== undefined),
        physicalId,
      );
      return { PolicyDocument, PolicyName, Roles: having };
    },
  },
};

const namesOf = ({ Policies = [] }: { readonly Policies?: unknown }): readonly string[] =>
  (Policies as readonly { readonly PolicyName: string }[]).map(({ PolicyName }) => PolicyName);

interface InlinePolicy extends Properties {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

/** Undefined: the role has none of this name. */
async function inlinePolicy(RoleName: string, name: string, { iam }: AwsClients): Promise<InlinePolicy | undefined> {
  try {
    const answer = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }));
    return { PolicyName: name, PolicyDocument: decodedPolicy(answer.PolicyDocument) };
  } catch (error) {
    if (error instanceof Error && /^NoSuchEntity/.test(error.name)) return undefined;
    throw error;
  }
}

async function attachedPolicies(RoleName: string, { iam }: AwsClients): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const { AttachedPolicies } of paginateListAttachedRolePolicies({ client: iam }, { RoleName })) {
    all.push(...(AttachedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn));
  }
  return all;
}
