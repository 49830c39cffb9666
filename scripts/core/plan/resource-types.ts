/**
 * What is to be known of a resource type: does it hold data, which property fixes its physical name. From the
 * resource specification that CDK is generated from.
 */
// Not from the package's front door: the specification takes a third of a second to load, and the diff has it already.
import { loadResourceModel } from '@aws-cdk/cloudformation-diff/lib/diff/util.js';
import { byText, type Json, type PropertyChange } from './plan.ts';

/**
 * What a name is unique within, where that is no part of the type's identifier. When that one is replaced too, the
 * name is free there.
 * Sources: the types' pages in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
 */
const NAMED_WITHIN: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Alias': ['FunctionName'],
  'AWS::ApiGateway::RequestValidator': ['RestApiId'],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['ScalingTargetId'],
};

/** In the account-regional namespace AWS appends account and region to the prefix: the same prefix, the same name. */
const FURTHER_NAMES: Readonly<Record<string, readonly string[]>> = { 'AWS::S3::Bucket': ['BucketNamePrefix'] };

/** Whether replacing or deleting it loses or strands data: tables, buckets, queues, log groups, keys and their like. */
export const isStateful = (type: string): boolean => loadResourceModel(type)?.isStateful ?? false;

/** Whether a new value of a property means a new resource. What the specification does not know may be either. */
export function causesReplacement(type: string, property: string): PropertyChange['replacement'] {
  const known = loadResourceModel(type)?.properties[property];
  if (known === undefined || known.causesReplacement === 'maybe') return 'maybe';
  return known.causesReplacement === 'yes' ? 'always' : 'never';
}

/**
 * The properties that make up the physical name, as `TableName` of a table: names that can't change in place.
 * Empty when CloudFormation makes the name, or names of the type need not be unique.
 */
export function nameProperties(type: string): readonly string[] {
  const resource = loadResourceModel(type);
  if (resource === undefined) return [];
  const own = type.slice(type.lastIndexOf(':') + 1);
  const identifiers = resource.primaryIdentifier ?? [];
  const found = Object.entries(resource.properties)
    .filter(([property, { causesReplacement }]) => causesReplacement === 'yes' && property.endsWith('Name'))
    .map(([property]) => property)
    .filter(
      (property) =>
        property === 'Name' || own.endsWith(property.slice(0, -'Name'.length)) || identifiers.join() === property,
    );
  return [...found, ...(FURTHER_NAMES[type] ?? [])].sort(byText);
}

/**
 * The fixed physical name that stays the same over a replacement, which CloudFormation refuses, as it makes the new
 * resource before it deletes the old one.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-whatis-concepts.html (custom names)
 */
export function keptName(
  type: string,
  old: Readonly<Record<string, Json>>,
  next: Readonly<Record<string, Json>>,
): { readonly property: string; readonly value: string } | undefined {
  const same = (property: string): boolean => JSON.stringify(old[property]) === JSON.stringify(next[property]);
  const names = nameProperties(type);
  const scope = [...(loadResourceModel(type)?.primaryIdentifier ?? []), ...(NAMED_WITHIN[type] ?? [])];
  if (scope.some((property) => !names.includes(property) && !same(property))) return undefined;
  const named = names.filter((property) => next[property] !== undefined);
  const [property] = named;
  if (property === undefined || !named.every(same)) return undefined;
  const value = next[property];
  return { property, value: typeof value === 'string' ? value : JSON.stringify(value) };
}
