/** Breaks of the roles of functions: who takes them, and what they may do. */
import {
  AttachRolePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { resourceName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import type { Break } from './break.ts';

const roleOf = async (environment: DeployedEnvironment): Promise<string> => {
  const request = new GetFunctionConfigurationCommand({
    FunctionName: resourceName('order-processing', environment.config.name),
  });
  return (await environment.clients.lambda.send(request)).Role?.split('/').at(-1) ?? '';
};

const ANYTHING_ANYWHERE = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

export const ROLE_BREAKS: readonly Break[] = [
  {
    id: 'role.trust',
    of: roleOf,
    apply: async (environment) => {
      const { iam } = environment.clients;
      const RoleName = await roleOf(environment);
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      const before = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
      const put = (PolicyDocument: string) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      await put(before.replace('lambda.amazonaws.com', 'ec2.amazonaws.com'));
      return () => put(before);
    },
  },
  {
    id: 'role.inline-policies',
    of: roleOf,
    apply: async (environment) => {
      const { iam } = environment.clients;
      const request = { RoleName: await roleOf(environment), PolicyName: 'by-hand' };
      await iam.send(new PutRolePolicyCommand({ ...request, PolicyDocument: ANYTHING_ANYWHERE }));
      return () => iam.send(new DeleteRolePolicyCommand(request));
    },
  },
  {
    id: 'role.policy-document',
    of: roleOf,
    apply: async (environment) => {
      const { iam } = environment.clients;
      const RoleName = await roleOf(environment);
      const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      const request = { RoleName, PolicyName: PolicyNames?.[0] };
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(request));
      await iam.send(new PutRolePolicyCommand({ ...request, PolicyDocument: ANYTHING_ANYWHERE }));
      return () =>
        iam.send(new PutRolePolicyCommand({ ...request, PolicyDocument: decodeURIComponent(PolicyDocument ?? '') }));
    },
  },
  {
    id: 'role.managed-policies',
    of: roleOf,
    apply: async (environment) => {
      const { iam } = environment.clients;
      const request = {
        RoleName: await roleOf(environment),
        PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
      };
      await iam.send(new AttachRolePolicyCommand(request));
      return () => iam.send(new DetachRolePolicyCommand(request));
    },
  },
  {
    id: 'role.boundary',
    of: roleOf,
    apply: async (environment) => {
      const { iam } = environment.clients;
      const RoleName = await roleOf(environment);
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      const PermissionsBoundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
      await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
      return () => iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    },
  },
];
