/**
 * Two templates and CloudFormation's reckoning → what changes of each resource, and what of the difference is
 * bookkeeping. Pure.
 */
import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { deepEqual, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { StackFacts, TemplateResource } from './facts.ts';
import type { Readers } from './permissions.ts';
import { byText, type Json, type PropertyChange, type ResourceAction, type ResourceChange } from './plan.ts';
import { changesIn } from './property-changes.ts';
import { isStateful, keptName, nameProperties } from './resource-types.ts';
import { maskValue } from './secrets.ts';
import { undoOfResource } from './undo.ts';

type ResourceDifference = TemplateDiff['resources']['changes'][string];

export interface ResourceChanges {
  readonly shown: readonly ResourceChange[];
  readonly bookkeeping: readonly string[];
}

/** A change with the resources it is made of, before what is bookkeeping is taken out. */
interface Draft {
  readonly change: ResourceChange;
  readonly old: TemplateResource | undefined;
  readonly next: TemplateResource | undefined;
}

export function resourceChanges(facts: StackFacts, diff: TemplateDiff, readers: Readers): ResourceChanges {
  const drafts: Draft[] = [];
  for (const logicalId of [...diff.resources.logicalIds].sort(byText)) {
    const difference = diff.resources.get(logicalId);
    if (difference.isDifferent) drafts.push(draftOf(logicalId, difference, facts, readers));
  }
  const shown = drafts.filter((draft) => !isBookkeeping(draft, drafts));
  const taken = takenNames(shown);
  return {
    shown: shown.map((draft) => withTakenName(draft, taken)).sort(inOrder),
    bookkeeping: drafts
      .filter((draft) => isBookkeeping(draft, drafts))
      .map(({ change }) => `${change.action} ${change.type} ${change.logicalId}`)
      .sort(byText),
  };
}

const ORDER: readonly ResourceAction[] = ['delete', 'replace', 'may-replace', 'update', 'create'];
const isLoss = ({ action, stateful }: ResourceChange): boolean =>
  stateful && action !== 'update' && action !== 'create';

/** What loses data first, then by what happens, then by path. */
export const inOrder = (a: ResourceChange, b: ResourceChange): number =>
  Number(isLoss(b)) - Number(isLoss(a)) ||
  ORDER.indexOf(a.action) - ORDER.indexOf(b.action) ||
  byText(a.path, b.path) ||
  byText(a.logicalId, b.logicalId);

function draftOf(logicalId: string, difference: ResourceDifference, facts: StackFacts, readers: Readers): Draft {
  const old = facts.deployed?.template.Resources?.[logicalId];
  const next = facts.released?.template.Resources?.[logicalId];
  const type = next?.Type ?? old?.Type ?? difference.newResourceType ?? difference.oldResourceType ?? 'unknown';
  const action = actionOf(difference, old, next);
  const all = action === 'create' || action === 'delete' ? [] : propertiesOf(difference, readers, old, next);
  const properties = all.filter((change) => !isAsset(type, change));
  const stateful = isStateful(type) || isStateful(old?.Type ?? type);
  const afterwards = afterwardsOf(action, old, next);
  const fixedName = action === 'replace' || action === 'may-replace' ? keptNameOf(old, next, readers) : undefined;
  const expiredAsset = (facts.expiredAssets ?? []).some((key) => JSON.stringify(old ?? {}).includes(`"${key}"`));
  return {
    old,
    next,
    change: {
      logicalId,
      path: (next === undefined ? readers.old : readers.new).path(logicalId),
      type,
      action,
      stateful,
      code: all.length > properties.length,
      properties: properties.map(masked),
      ...(fixedName && { fixedName }),
      ...(afterwards && { afterwards }),
      undo: undoOfResource({ type, action, stateful, afterwards, properties, expiredAsset }),
    },
  };
}

function actionOf(
  difference: ResourceDifference,
  old: TemplateResource | undefined,
  next: TemplateResource | undefined,
): ResourceAction {
  if (old === undefined && next !== undefined) return 'create';
  if (next === undefined && old !== undefined) return 'delete';
  if (difference.resourceTypeChanged) return 'replace';
  const impacts = Object.values(difference.propertyUpdates).map(({ changeImpact }) => changeImpact);
  if (impacts.includes(ResourceImpact.WILL_REPLACE)) return 'replace';
  return impacts.includes(ResourceImpact.MAY_REPLACE) ? 'may-replace' : 'update';
}

function propertiesOf(
  difference: ResourceDifference,
  readers: Readers,
  old: TemplateResource | undefined,
  next: TemplateResource | undefined,
): PropertyChange[] {
  const properties = Object.entries(difference.propertyUpdates).sort(([a], [b]) => byText(a, b));
  const changes = properties.flatMap(([name, { oldValue, newValue, changeImpact }]) => {
    const [before, after] = [readValue(readers.old, oldValue), readValue(readers.new, newValue)];
    const replacement = replacementOf(changeImpact);
    const found = changesIn(name, before, after, replacement);
    if (found.length > 0) return found;
    const inTemplates = !deepEqual(old?.Properties?.[name], next?.Properties?.[name]);
    // Ids moved behind one construct, or CloudFormation looked at the value and found it the same: no change.
    const known = inTemplates || JSON.stringify(after) !== NOT_TOLD;
    return known && replacement === 'never' ? [] : [{ path: name, replacement }];
  });
  const policies = (['DeletionPolicy', 'UpdateReplacePolicy', 'Condition'] as const).flatMap((attribute) =>
    changesIn(attribute, attributeOf(old, attribute), attributeOf(next, attribute), 'never'),
  );
  return [...changes, ...policies];
}

/** What the library puts in place of a value that a change set names without showing it. */
const NOT_TOLD = '{}';

const withValues = (old: Json | undefined, next: Json | undefined): Pick<PropertyChange, 'old' | 'new'> => ({
  ...(old === undefined ? {} : { old }),
  ...(next === undefined ? {} : { new: next }),
});
const attributeOf = (resource: TemplateResource | undefined, name: string): Json | undefined =>
  resource === undefined ? undefined : (resource as unknown as Record<string, Json>)[name];
const readValue = (reader: Readers['old'], value: unknown): Json | undefined =>
  value === undefined ? undefined : reader.read(value as Json);

function replacementOf(impact: ResourceImpact | undefined): PropertyChange['replacement'] {
  if (impact === ResourceImpact.WILL_REPLACE) return 'always';
  return impact === ResourceImpact.MAY_REPLACE ? 'maybe' : 'never';
}

/** CDK names assets by the hash of their content: a key that changes says that the content did, and nothing more. */
const ASSET = /^[0-9a-f]{64}(\.[a-z0-9]+)?$/;
const CODE_PROPERTY = /^Code\.(S3Key|S3Bucket|S3ObjectVersion|ZipFile|ImageUri)$/;

function isAsset(type: string, { path, old, new: next }: PropertyChange): boolean {
  if (type === 'AWS::Lambda::Function' && CODE_PROPERTY.test(path)) return true;
  return typeof old === 'string' && typeof next === 'string' && ASSET.test(old) && ASSET.test(next);
}

const masked = (change: PropertyChange): PropertyChange => ({
  path: change.path,
  ...withValues(maskValue(change.path, change.old), maskValue(change.path, change.new)),
  replacement: change.replacement,
});

/** A resource that goes follows the policy it was deployed with; one that is replaced, that of the new template. */
function afterwardsOf(
  action: ResourceAction,
  old: TemplateResource | undefined,
  next: TemplateResource | undefined,
): ResourceChange['afterwards'] {
  if (action === 'create' || action === 'update') return undefined;
  const policy = action === 'delete' ? old?.DeletionPolicy : next?.UpdateReplacePolicy;
  if (policy === 'Snapshot') return 'snapshot';
  return policy?.startsWith('Retain') && policy !== 'RetainExceptOnCreate' ? 'retained' : 'deleted';
}

function keptNameOf(
  old: TemplateResource | undefined,
  next: TemplateResource | undefined,
  readers: Readers,
): ResourceChange['fixedName'] {
  if (old === undefined || next === undefined || old.Type !== next.Type) return undefined;
  return keptName(next.Type, readAll(readers.old, old), readAll(readers.new, next));
}

const readAll = (reader: Readers['old'], { Properties = {} }: TemplateResource): Record<string, Json> =>
  Object.fromEntries(Object.entries(Properties).map(([name, value]) => [name, reader.read(value)]));

/** CDK puts a hash of the content into the ids of these, so that each content gets a resource of its own. */
const HASHED_IDS = /^AWS::(Lambda::Version|ApiGateway::Deployment|ApiGatewayV2::Deployment)$/;

function isBookkeeping({ change }: Draft, all: readonly Draft[]): boolean {
  const { type, action, path, code, properties } = change;
  if (type === 'AWS::CDK::Metadata') return true;
  if (action === 'update') return !code && properties.length === 0;
  if (!HASHED_IDS.test(type)) return false;
  const opposite = action === 'create' ? 'delete' : 'create';
  return all.some(
    (other) => other.change.action === opposite && other.change.type === type && other.change.path === path,
  );
}

/** Physical names of what is deleted: what is made in the same update is made before they are free. */
function takenNames(drafts: readonly Draft[]): ReadonlySet<string> {
  const deleted = drafts.filter(({ change }) => change.action === 'delete');
  return new Set(deleted.flatMap(({ old }) => namesOf(old)).map(({ key }) => key));
}

interface PhysicalName {
  readonly key: string;
  readonly property: string;
  readonly value: string;
}

function namesOf(resource: TemplateResource | undefined): PhysicalName[] {
  if (resource === undefined) return [];
  return nameProperties(resource.Type).flatMap((property) => {
    const value = resource.Properties?.[property];
    return typeof value === 'string' ? [{ key: `${resource.Type} ${property} ${value}`, property, value }] : [];
  });
}

function withTakenName({ change, next }: Draft, taken: ReadonlySet<string>): ResourceChange {
  if (change.action !== 'create' || taken.size === 0) return change;
  const name = namesOf(next).find(({ key }) => taken.has(key));
  return name === undefined ? change : { ...change, fixedName: { property: name.property, value: name.value } };
}
