/** Does every resource that can carry tags carry the compliance tags? */
import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { PROJECT, TAG_KEYS } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { assess, type Expectation } from '../../core/validation/assess.ts';
import { includingEntries } from '../../core/validation/matchers.ts';
import { mapObservation, type Observation, unanswered } from '../../core/validation/observation.ts';
import { resolveTemplateValue } from '../../core/validation/template-values.ts';
import type { DeployedStack, StackResource } from './inventory.ts';
import { observe, observeOptional } from './observe.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { TAG_READERS, type TaggedResource, type Tags } from './tag-readers.ts';

/** Calls in flight at once: a hundred resources asked all together only earn throttling. */
const AT_ONCE = 8;

export const tags: Probe = {
  name: 'tags',
  observe: async (context) => {
    const taggable = context.inventory.stacks.flatMap((stack) =>
      taggableOf(stack).map((resource) => ({ stack, resource })),
    );
    const queue = taggable.values();
    const checks: Check[] = context.inventory.stacks.flatMap((stack) => lookAtStack(stack, context));
    const work = async (): Promise<void> => {
      for (const { stack, resource } of queue) checks.push(...(await lookAt(resource, stack, context)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return checks.sort((a, b) => (a.subject < b.subject ? -1 : 1));
  },
};

/** The stack's resources to which infra gives tags: what CDK knows to be taggable. */
function taggableOf({ template, resources }: DeployedStack): readonly StackResource[] {
  if (template.state !== 'observed' || resources.state !== 'observed') return [];
  return resources.value.filter(({ logicalId }) => {
    const properties = template.value[logicalId]?.Properties ?? {};
    return 'Tags' in properties || 'TagList' in properties;
  });
}

function lookAtStack({ name, component, description }: DeployedStack, context: ProbeContext): Check[] {
  // The check of the stack itself says that it is missing.
  if (description.state === 'missing') return [];
  const own = mapObservation(description, ({ Tags }) =>
    Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  );
  const subject = { name, resource: { type: 'AWS::CloudFormation::Stack', id: name } };
  const repository = own.state === 'observed' ? own.value[TAG_KEYS.repository] : undefined;
  const unread = context.inventory.unreadable(component);
  return [
    ...assess<Tags>(subject, own, [expectation(repository, context)]),
    ...(unread === undefined
      ? []
      : assess<Tags>({ name: `resources of ${name}` }, unanswered(unread), [expectation(repository, context)])),
  ];
}

async function lookAt(resource: StackResource, stack: DeployedStack, context: ProbeContext): Promise<Check[]> {
  const { type, physicalId, logicalId } = resource;
  const found = await readTags(resource, stack, context);
  // A resource that is gone is a finding of its service's probe, or of drift detection: not that it lacks tags.
  if (found.state === 'missing') return [];
  const subject = { name: nameOf(physicalId, logicalId, stack), resource: { type, id: physicalId } };
  return assess(subject, found, [expectation(declaredRepository(resource, stack), context)]);
}

/** Which repository made it is in the template alone: the JSON of an environment does not say. */
function declaredRepository({ logicalId }: StackResource, { template }: DeployedStack): string | undefined {
  const properties = template.state === 'observed' ? template.value[logicalId]?.Properties : undefined;
  const declared: unknown = properties?.['Tags'] ?? properties?.['TagList'] ?? {};
  return Array.isArray(declared)
    ? (declared as { Key?: string; Value?: string }[]).find(({ Key }) => Key === TAG_KEYS.repository)?.Value
    : (declared as Tags)[TAG_KEYS.repository];
}

/** Ids like `subnet-0a1b…` tell nobody anything: the stack and the construct do. */
const nameOf = (physicalId: string, logicalId: string, { name }: DeployedStack): string =>
  /^(arn:|[a-z]+-[0-9a-f]{8,}$|[0-9a-f-]{20,}$|https?:)/.test(physicalId) || !physicalId.includes('-')
    ? `${name}/${logicalId}`
    : physicalId;

function readTags(
  { type, physicalId, logicalId }: StackResource,
  stack: DeployedStack,
  context: ProbeContext,
): Promise<Observation<Tags>> {
  const { target, clients } = context;
  if (type === 'AWS::EC2::EIP') return readAddressTags(physicalId, context);
  const read = TAG_READERS[type];
  if (read === undefined) return Promise.resolve(unanswered(`nothing here reads the tags of ${type}`));
  const declared = stack.template.state === 'observed' ? stack.template.value[logicalId]?.Properties : undefined;
  const properties = resolveTemplateValue(declared ?? {}, stack.references) as Readonly<Record<string, unknown>>;
  const arn: TaggedResource['arn'] = (service, name, { region = target.region, account = target.account } = {}) =>
    `arn:${stack.references['AWS::Partition'] ?? 'aws'}:${service}:${region}:${account}:${name}`;
  return observeNoTags((options) => read({ physicalId, properties, clients, options, arn }));
}

/** CloudFormation knows an elastic IP by its address; tags hang on its allocation. */
function readAddressTags(address: string, { clients }: ProbeContext): Promise<Observation<Tags>> {
  const request = address.startsWith('eipalloc-') ? { AllocationIds: [address] } : { PublicIps: [address] };
  return observe(async (options) => {
    const { Addresses } = await clients.ec2.send(new DescribeAddressesCommand(request), options);
    return Object.fromEntries((Addresses?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  });
}

/** S3 calls a bucket without tags an error. */
const observeNoTags = async (ask: Parameters<typeof observe<Tags>>[0]): Promise<Observation<Tags>> =>
  mapObservation(await observeOptional(['NoSuchTagSet', 'NoSuchTagSetError'], ask), (found) => found ?? {});

function expectation(repository: string | undefined, context: ProbeContext): Expectation<Tags> {
  const { name, tags: wanted } = context.config;
  const expected: Record<string, string> = {
    [TAG_KEYS.project]: PROJECT,
    [TAG_KEYS.environment]: name,
    [TAG_KEYS.owner]: wanted.owner,
    [TAG_KEYS.costCentre]: wanted.costCentre,
    [TAG_KEYS.dataClassification]: wanted.dataClassification,
    [TAG_KEYS.repository]: repository ?? 'the repository',
  };
  const keys = new Set(Object.keys(expected));
  return {
    id: 'tags.present',
    expected: includingEntries(expected),
    actual: (found) => Object.fromEntries(Object.entries(found).filter(([key]) => keys.has(key))),
    remedy: `Costs and compliance go by these tags: put them back, or set tags in environments/${name}.json.`,
  };
}
