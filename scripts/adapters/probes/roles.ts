/**
 * May any role of the environment do more, or be taken by others, than its stack says? What CloudFormation's drift
 * detection can't see: an inline policy that somebody added.
 */
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import type { Check, CheckedResource } from '../../core/check.ts';
import { assess, assessPresent } from '../../core/validation/assess.ts';
import { type Matcher, sameMembers } from '../../core/validation/matchers.ts';
import { unanswered } from '../../core/validation/observation.ts';
import { agreesWithTemplate, readable, resolveTemplateValue } from '../../core/validation/template-values.ts';
import type { AwsClients } from '../aws-clients.ts';
import type { DeployedStack, TemplateResource } from './inventory.ts';
import { observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext } from './probe.ts';

export const roles: Probe = {
  name: 'roles',
  observe: async (context) =>
    (await Promise.all(context.inventory.stacks.map((stack) => rolesOf(stack, context)))).flat(),
};

async function rolesOf(stack: DeployedStack, context: ProbeContext): Promise<Check[]> {
  if (stack.template.state !== 'observed' || stack.resources.state !== 'observed') {
    // The check of the stack itself says that it is missing.
    if (stack.resources.state === 'missing') return [];
    const reason = context.inventory.unreadable(stack.component) ?? 'its roles are not known';
    return assessPresent({ name: `roles of ${stack.name}` }, 'role.present', unanswered(reason), []);
  }
  const template = stack.template.value;
  const deployed = stack.resources.value.filter(({ type }) => type === 'AWS::IAM::Role');
  const checks = await Promise.all(
    deployed.map(({ logicalId, physicalId }) => lookAt(physicalId, expectedRole(logicalId, template, stack), context)),
  );
  return checks.flat();
}

/** A role, as a template says or as IAM answers. Policies by name. */
interface RolePermissions {
  readonly trust: unknown;
  readonly inline: Readonly<Record<string, unknown>>;
  readonly managed: readonly unknown[];
  /** The ARN of the most it may ever do; null: nothing bounds it. */
  readonly boundary: unknown;
}

interface ExpectedRole extends RolePermissions {
  /** The resources of the stack that attach inline policies, by the policy's name. */
  readonly attachedBy: Readonly<Record<string, CheckedResource>>;
}

async function lookAt(name: string, expected: ExpectedRole, context: ProbeContext): Promise<Check[]> {
  const role = await observe(() => readRole(name, context.clients));
  const remedy = houseRemedy(context);
  const resource = { type: 'AWS::IAM::Role', id: name };
  const checks = assessPresent({ name, resource }, 'role.present', role, [
    { id: 'role.trust', expected: templateMatcher(expected.trust), actual: ({ trust }) => trust, remedy },
    {
      id: 'role.inline-policies',
      expected: sameMembers(Object.keys(expected.inline)),
      actual: ({ inline }) => Object.keys(inline),
      remedy,
    },
    {
      id: 'role.managed-policies',
      expected: templateMatcher(expected.managed),
      actual: ({ managed }) => managed,
      remedy,
    },
    {
      id: 'role.boundary',
      expected: templateMatcher(expected.boundary),
      actual: ({ boundary }) => boundary,
      remedy: `${remedy} Without its boundary a role may do all that its policies say.`,
    },
  ]);
  if (role.state === 'missing') return checks;
  // A policy that is not there is found by `role.inline-policies`.
  const there = Object.entries(expected.inline).filter(
    ([policy]) => role.state !== 'observed' || policy in role.value.inline,
  );
  const documents = there.flatMap(([policy, document]) =>
    assess({ name: `${name}/${policy}`, resource: expected.attachedBy[policy] ?? resource }, role, [
      {
        id: 'role.policy-document',
        expected: templateMatcher(document),
        actual: ({ inline }) => inline[policy],
        remedy,
      },
    ]),
  );
  return [...checks, ...documents];
}

const templateMatcher = (resolved: unknown): Matcher => ({
  expected: readable(resolved),
  matches: (actual) => agreesWithTemplate(resolved, actual),
});

/** The role's own policies, and those that AWS::IAM::Policy resources of the same stack attach to it. */
function expectedRole(
  logicalId: string,
  template: Readonly<Record<string, TemplateResource>>,
  { references }: DeployedStack,
): ExpectedRole {
  const properties = template[logicalId]?.Properties ?? {};
  const resolve = (value: unknown): unknown => resolveTemplateValue(value, references);
  const own = (properties['Policies'] ?? []) as readonly Readonly<Record<string, unknown>>[];
  const attachments = Object.entries(template).filter(
    ([, { Type, Properties }]) =>
      Type === 'AWS::IAM::Policy' &&
      ((Properties?.['Roles'] ?? []) as readonly { Ref?: string }[]).some(({ Ref }) => Ref === logicalId),
  );
  const attached = attachments.map(([, { Properties }]) => Properties ?? {});
  return {
    trust: resolve(properties['AssumeRolePolicyDocument']),
    inline: Object.fromEntries(
      [...own, ...attached].map(({ PolicyName, PolicyDocument }) => [
        String(resolve(PolicyName)),
        resolve(PolicyDocument),
      ]),
    ),
    managed: ((properties['ManagedPolicyArns'] ?? []) as readonly unknown[]).map(resolve),
    boundary: resolve(properties['PermissionsBoundary'] ?? null),
    attachedBy: Object.fromEntries(
      attachments.map(([id, { Type, Properties }]) => [
        String(resolve(Properties?.['PolicyName'])),
        { type: Type, id: references[id] ?? id },
      ]),
    ),
  };
}

async function readRole(name: string, { iam }: AwsClients): Promise<RolePermissions> {
  const request = { RoleName: name };
  const [{ Role }, names, managed] = await Promise.all([
    iam.send(new GetRoleCommand(request)),
    collect(paginateListRolePolicies({ client: iam }, request), ({ PolicyNames }) => PolicyNames),
    collect(paginateListAttachedRolePolicies({ client: iam }, request), ({ AttachedPolicies }) => AttachedPolicies),
  ]);
  const inline = await Promise.all(
    names.map(async (policy) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ ...request, PolicyName: policy }));
      return [policy, decodedPolicy(PolicyDocument)] as const;
    }),
  );
  return {
    trust: decodedPolicy(Role?.AssumeRolePolicyDocument),
    inline: Object.fromEntries(inline),
    managed: managed.map(({ PolicyArn }) => PolicyArn),
    boundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  };
}

/** IAM answers policy documents URL-encoded: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export const decodedPolicy = (document: string | undefined): unknown =>
  JSON.parse(decodeURIComponent(document ?? 'null'));

async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...(itemsOf(page) ?? []));
  return all;
}
