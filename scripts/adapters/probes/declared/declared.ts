/**
 * Is each resource as its stack's template declares it, property by property? Asked by drift alone: `validate` compares
 * with the environment's JSON, and this one with what was deployed. It is what counts as a look at a resource.
 */
import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import type { Check } from '../../../core/check.ts';
import { compareDeclared } from '../../../core/drift/compare-declared.ts';
import { DECLARED, displayName } from '../../../core/drift/drift-check.ts';
import { partitionOf } from '../../../core/partition.ts';
import { attributesOf } from '../../../core/validation/template-attributes.ts';
import { type References, resolveTemplateValue } from '../../../core/validation/template-values.ts';
import { NOT_KEPT } from '../../emulator/unanswerable.ts';
import type { DeployedStack, StackResource, TemplateResource } from '../inventory.ts';
import { observe } from '../observe.ts';
import type { Probe, ProbeContext } from '../probe.ts';
import { API_READERS, resourcesOfApi } from './api.ts';
import { BUCKET_READERS } from './bucket.ts';
import { FUNCTION_READERS } from './functions.ts';
import { IDENTITY_READERS } from './identity.ts';
import { MONITORING_READERS } from './monitoring.ts';
import { addressRequest, NETWORK_READERS } from './network.ts';
import type { Properties, Reader, Readers } from './reader.ts';
import { STORAGE_READERS } from './storage.ts';

/** By CloudFormation type. A type without one is unknown where CloudFormation does not answer for it. */
export const DECLARED_READERS: Readers = {
  ...NETWORK_READERS,
  ...IDENTITY_READERS,
  ...FUNCTION_READERS,
  ...API_READERS,
  ...STORAGE_READERS,
  ...BUCKET_READERS,
  ...MONITORING_READERS,
};

/** Calls in flight at once: a hundred resources asked all together only earn throttling. */
const AT_ONCE = 8;

export const declared: Probe = {
  name: 'declared properties',
  observe: async (context) => {
    const stacks = await Promise.all(context.inventory.stacks.map((stack) => declaredIn(stack, context)));
    const checks: Check[] = [];
    const queue = stacks.flat().values();
    const work = async (): Promise<void> => {
      for (const each of queue) checks.push(...(await lookAt(each, context)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return checks.sort((a, b) => (a.subject < b.subject ? -1 : 1));
  },
};

interface Declaration {
  readonly resource: StackResource;
  readonly stack: string;
  readonly properties: Properties;
  readonly template: Readonly<Record<string, TemplateResource>>;
}

/** What the stack's own check says of one that is missing or can't be read, is enough. */
async function declaredIn({ name, template, resources, references }: DeployedStack, context: ProbeContext) {
  if (template.state !== 'observed' || resources.state !== 'observed') return [];
  const { region, account } = context.target;
  const known: References = {
    ...references,
    ...attributesOf(resources.value, { partition: partitionOf(region), region, account }),
    ...(await attributesAsked(resources.value, context)),
  };
  return resources.value
    .filter(({ type }) => !type.startsWith('Custom::'))
    .map((resource): Declaration => {
      const properties = template.value[resource.logicalId]?.Properties ?? {};
      const resolved = resolveTemplateValue(properties, known) as Properties;
      return { resource, stack: name, properties: resolved, template: template.value };
    });
}

/** Attributes that no name tells: the id of an API's root, and that of an address. One that can't be read stays unknown. */
async function attributesAsked(resources: readonly StackResource[], context: ProbeContext): Promise<References> {
  const answers = await Promise.all(
    resources.map(async ({ type, logicalId, physicalId }) => {
      if (type === 'AWS::ApiGateway::RestApi') {
        const all = await observe(() => resourcesOfApi(physicalId, context));
        const root = all.state === 'observed' ? all.value.find(({ path }) => path === '/')?.id : undefined;
        return [`${logicalId}.RootResourceId`, root] as const;
      }
      if (type !== 'AWS::EC2::EIP') return [logicalId, undefined] as const;
      const request = new DescribeAddressesCommand(addressRequest(physicalId));
      const found = await observe((options) => context.clients.ec2.send(request, options));
      const id = found.state === 'observed' ? found.value.Addresses?.[0]?.AllocationId : undefined;
      return [`${logicalId}.AllocationId`, id] as const;
    }),
  );
  return Object.fromEntries(answers.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function lookAt({ resource, stack, properties, template }: Declaration, context: ProbeContext): Promise<Check[]> {
  const { type, logicalId, physicalId } = resource;
  const base = {
    subject: displayName({ stack, logicalId, id: physicalId }),
    resource: { type, id: physicalId },
  };
  const unknown = (detail: string, id: string = DECLARED.unread): Check[] => [
    { ...base, id, status: 'unknown', expected: 'compared', actual: null, detail },
  ];
  const reader: Reader | undefined = DECLARED_READERS[type];
  if (reader === undefined) return unknown(`nothing here reads the properties of ${type}`);
  const live = await observe(() => reader.read({ physicalId, logicalId, declared: properties, template, context }));
  if (live.state === 'unanswered') return unknown(live.reason);
  if (live.state === 'missing') {
    const detail = `It was deleted past CloudFormation: its stack ${stack} still lists it.`;
    return [{ ...base, id: DECLARED.present, status: 'fail', expected: 'present', actual: 'missing', detail }];
  }
  const { differences, notCompared } = compareDeclared(
    properties,
    live.value,
    new Set(Object.keys(reader.beyond ?? {})),
  );
  const lost = context.target.emulator === undefined ? [] : (NOT_KEPT[type] ?? []);
  const real = differences.filter(({ path }) => !lost.includes(path.slice(1)));
  const found = real.map(({ path, expected, actual }): Check & { property: string } => ({
    ...base,
    id: DECLARED.property,
    property: path,
    status: 'fail',
    expected,
    actual,
    detail: '',
  }));
  if (notCompared.length > 0) return [...found, ...unknown(`${type}: ${notCompared.join(', ')} could not be compared`)];
  if (found.length > 0) return found;
  if (real.length < differences.length) {
    return unknown(`the emulator does not give back ${lost.join(', ')} of ${type}`, DECLARED.notKept);
  }
  const same = 'as declared';
  const leftOut = Object.entries(reader.beyond ?? {}).filter(([name]) => name in properties);
  const detail = leftOut.map(([name, why]) => `${name} is not compared: ${why}`).join('; ');
  return [{ ...base, id: DECLARED.resource, status: 'pass', expected: same, actual: same, detail }];
}
