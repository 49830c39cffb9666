/**
 * What CloudFormation holds for an environment: stacks, their resources, templates and parameters. Read once, shared
 * by every probe.
 *
 * Why probes take ids from here and not from SSM parameters: a wrong parameter is then one finding, not ten.
 */
import {
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { COMPONENTS, type Component, type ParameterName, PROJECT, stackName } from '../../../environments/naming.ts';
import type { CheckedResource } from '../../core/check.ts';
import { partitionOf } from '../../core/partition.ts';
import { mapObservation, missing, type Observation, partOf, unanswered } from '../../core/validation/observation.ts';
import { type References, resolveTemplateValue } from '../../core/validation/template-values.ts';
import type { AwsClients } from '../aws-clients.ts';
import { parseTemplate } from '../cloudformation/parse-template.ts';
import type { Target } from '../target.ts';
import { observe } from './observe.ts';

export interface StackResource {
  readonly type: string;
  readonly logicalId: string;
  readonly physicalId: string;
}

/** One resource as the deployed template declares it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface DeployedStack {
  readonly name: string;
  readonly component: Component;
  readonly description: Observation<Stack>;
  readonly resources: Observation<readonly StackResource[]>;
  /** Resources of the deployed template, by logical id. */
  readonly template: Observation<Readonly<Record<string, TemplateResource>>>;
  /** What `Ref` means in that template. */
  readonly references: References;
}

export class Inventory {
  readonly stacks: readonly DeployedStack[];

  constructor(stacks: readonly DeployedStack[]) {
    this.stacks = stacks;
  }

  stack(component: Component): DeployedStack {
    const stack = this.stacks.find((each) => each.component === component);
    if (stack === undefined) throw new Error(`the inventory was made without the component ${component}`);
    return stack;
  }

  /** Why the stack can't say what to expect, or undefined when it can: it is not there, or was not to be read. */
  unreadable(component: Component): string | undefined {
    const { name, resources, template } = this.stack(component);
    for (const part of [resources, template]) {
      if (part.state === 'missing') return `${name} is not there to say what to expect`;
      if (part.state === 'unanswered') return `${name} can’t be read: ${part.reason}`;
    }
    return undefined;
  }

  /**
   * The observation, when the stack can be read that declares what to expect of it. Otherwise unanswered: comparing
   * with nothing would find a difference that is none.
   */
  given<T>(component: Component, observation: Observation<T>): Observation<T> {
    const reason = this.unreadable(component);
    return reason === undefined || observation.state === 'unanswered' ? observation : unanswered(reason);
  }

  /** Physical ids of the component's resources of a type. A stack that is not there is missing. */
  idsOf(component: Component, type: string): Observation<readonly string[]> {
    return mapObservation(this.stack(component).resources, (resources) =>
      resources.filter((resource) => resource.type === type).map(({ physicalId }) => physicalId),
    );
  }

  /** The component's resource of a type that names another by a property: the policy of a bucket, of a queue. */
  referring(component: Component, type: string, property: string, physicalId: string): CheckedResource | undefined {
    const { template, resources, references } = this.stack(component);
    if (template.state !== 'observed' || resources.state !== 'observed') return undefined;
    const found = resources.value.find((resource) => {
      const value = resolveTemplateValue(template.value[resource.logicalId]?.Properties?.[property], references);
      return resource.type === type && [value].flat().includes(physicalId);
    });
    return found && { type, id: found.physicalId };
  }

  /** The first of them: for types a stack holds one of. */
  idOf(component: Component, type: string): Observation<string> {
    return partOf(this.idsOf(component, type), ([first]) => first);
  }
}

export async function loadInventory(target: Target, clients: AwsClients): Promise<Inventory> {
  return new Inventory(await Promise.all(COMPONENTS.map((component) => loadStack(component, target, clients))));
}

async function loadStack(component: Component, target: Target, clients: AwsClients): Promise<DeployedStack> {
  const name = stackName(component, target.environment.name);
  const [described, resources, template] = await Promise.all([
    observe((options) => clients.cloudformation.send(new DescribeStacksCommand({ StackName: name }), options)),
    observe(() => listResources(name, clients)),
    observe((options) => clients.cloudformation.send(new GetTemplateCommand({ StackName: name }), options)),
  ]);
  const description = partOf(described, ({ Stacks }) => Stacks?.[0]);
  // A deleted stack is still described for a while, by its id and by some emulators by its name.
  const gone = description.state === 'observed' && description.value.StackStatus === 'DELETE_COMPLETE';
  return {
    name,
    component,
    description: gone ? missing : description,
    resources: gone || description.state === 'missing' ? missing : resources,
    template: gone ? missing : templateOf(template),
    references: referencesOf(target, description, resources),
  };
}

async function listResources(name: string, clients: AwsClients): Promise<StackResource[]> {
  const all: StackResource[] = [];
  for await (const page of paginateListStackResources({ client: clients.cloudformation }, { StackName: name })) {
    all.push(...(page.StackResourceSummaries ?? []).filter(exists).map(toResource));
  }
  return all;
}

const exists = ({ ResourceStatus }: StackResourceSummary): boolean => ResourceStatus !== 'DELETE_COMPLETE';

const toResource = (summary: StackResourceSummary): StackResource => ({
  type: summary.ResourceType ?? '',
  logicalId: summary.LogicalResourceId ?? '',
  physicalId: summary.PhysicalResourceId ?? '',
});

/** CDK's templates are JSON; one that somebody deployed by hand may be YAML. */
function templateOf(
  answer: Observation<{ readonly TemplateBody?: string | undefined }>,
): Observation<Readonly<Record<string, TemplateResource>>> {
  try {
    return partOf(answer, ({ TemplateBody }) => resourcesOf(TemplateBody));
  } catch (error) {
    return unanswered(`its template can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function resourcesOf(body: string | undefined): Readonly<Record<string, TemplateResource>> | undefined {
  if (body === undefined) return undefined;
  return (parseTemplate(body) as { Resources?: Record<string, TemplateResource> }).Resources ?? {};
}

function referencesOf(
  target: Target,
  description: Observation<Stack>,
  resources: Observation<readonly StackResource[]>,
): References {
  const references: Record<string, string> = {
    'AWS::AccountId': target.account,
    'AWS::Region': target.region,
    'AWS::Partition': partitionOf(target.region),
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (description.state === 'observed') {
    for (const { ParameterKey, ParameterValue, ResolvedValue } of description.value.Parameters ?? []) {
      const value = ResolvedValue ?? ParameterValue;
      if (ParameterKey !== undefined && value !== undefined) references[ParameterKey] = value;
    }
  }
  if (resources.state === 'observed') {
    for (const { logicalId, physicalId } of resources.value) references[logicalId] = physicalId;
  }
  return references;
}

/**
 * The value a stack's template gives an SSM parameter, resolved as far as CloudFormation lets us know; undefined when
 * no deployed template declares it.
 */
export function publishedValue(inventory: Inventory, name: ParameterName): unknown {
  for (const { template, references } of inventory.stacks) {
    if (template.state !== 'observed') continue;
    for (const { Type, Properties } of Object.values(template.value)) {
      const parameter = Type === 'AWS::SSM::Parameter' ? String(Properties?.['Name']) : '';
      if (parameter.startsWith(`/${PROJECT}/`) && parameter.endsWith(`/${name}`)) {
        return resolveTemplateValue(Properties?.['Value'], references);
      }
    }
  }
  return undefined;
}
