/**
 * The release detector's judgement: deployed stacks beside those of the release that the ledger names. Pure.
 */
import type { ReleasedStack, Template } from '../plan/facts.ts';
import { canonical } from '../validation/matchers.ts';
import { type DriftCheck, stackResource } from './drift-check.ts';
import { PRESENT, TAGS } from './properties.ts';

/** A stack as it was found. */
export interface FoundStack {
  readonly name: string;
  /** Undefined for a stack that is not there. */
  readonly deployed: FoundDeployment | undefined;
}

export interface FoundDeployment {
  /** As CloudFormation gives it back; in words, why it can't be compared. */
  readonly template: Template | string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** When it was deployed last, ISO 8601; null: not known. */
  readonly deployedAt: string | null;
}

export interface ComparedStack {
  readonly found: FoundStack;
  /** Its template like the deployed one: see `asGivenBack`. */
  readonly released: ReleasedStack;
}

export interface CompareContext {
  readonly environment: string;
  /** `4f2a90c1b7d3` */
  readonly release: string;
  /** ` --local`, or nothing. */
  readonly aim: string;
  /** SSM parameters are shown with what they held: no difference can be told of those. */
  readonly resolvesParameters: boolean;
}

export function compareStacks(stacks: readonly ComparedStack[], context: CompareContext): DriftCheck[] {
  return stacks.flatMap((stack) => compareStack(stack, context));
}

function compareStack({ found: { name, deployed }, released }: ComparedStack, context: CompareContext): DriftCheck[] {
  const present = check('release.stack', name, 'present', deployed === undefined ? 'missing' : 'present', {
    detail: `Release ${context.release} has it. ${fixCommand(context)} deploys it again.`,
  });
  if (deployed === undefined) return [present];
  return [
    present,
    compareTemplates(name, deployed, released.template, context),
    check(
      'release.parameters',
      name,
      parametersOf(released.template),
      comparableParameters(deployed, released, context),
      { detail: `Deployed with other parameters than the release has. ${fixCommand(context)} puts them back.` },
    ),
    check('release.tags', name, released.tags, deployed.tags, {
      detail: `Deployed with other tags than the release has. ${fixCommand(context)} puts them back.`,
    }),
  ];
}

function compareTemplates(
  name: string,
  { template, deployedAt }: FoundDeployment,
  released: Template,
  context: CompareContext,
): DriftCheck {
  const id = 'release.template';
  if (typeof template === 'string') {
    return {
      ...check(id, name, `the template of release ${context.release}`, null, { detail: '' }),
      status: 'unknown',
      detail: template,
    };
  }
  const differences = templateDifferences(released, template);
  const when = deployedAt === null ? '' : ` at ${deployedAt}`;
  const by = isMadeByCdk(template)
    ? 'by `cdk deploy` or another run of the CDK'
    : 'with a template that is not of the CDK';
  return check(
    id,
    name,
    differences.length === 0
      ? context.release
      : Object.fromEntries(differences.map(({ path, released: was }) => [path, was])),
    differences.length === 0
      ? context.release
      : Object.fromEntries(differences.map(({ path, deployed: is }) => [path, is])),
    {
      detail:
        `Deployed past the ledger${when}, ${by}. The next promotion adopts it: ` +
        `npm run promote -- --only ${context.environment}${context.aim}. Or go back to release ${context.release}: ${fixCommand(context)}`,
    },
  );
}

interface TemplateDifference {
  /** `OrderTable.ReadCapacity`, `Outputs`. */
  readonly path: string;
  readonly released: unknown;
  readonly deployed: unknown;
}

/** By resource and property; sections beside the resources as a whole. */
export function templateDifferences(released: Template, deployed: Template): TemplateDifference[] {
  const { Resources: wanted = {}, ...wantedSections } = released;
  const { Resources: there = {}, ...thereSections } = deployed;
  const differing = (prefix: string, a: Fields, b: Fields): TemplateDifference[] =>
    keysOf(a, b).flatMap((key) =>
      canonical(a[key]) === canonical(b[key])
        ? []
        : [{ path: `${prefix}${key}`, released: a[key] ?? null, deployed: b[key] ?? null }],
    );
  const resources = keysOf(wanted, there).flatMap((logicalId) => {
    const [a, b] = [wanted[logicalId], there[logicalId]];
    if (a === undefined || b === undefined) {
      return [{ path: logicalId, released: a?.Type ?? null, deployed: b?.Type ?? null }];
    }
    const { Properties: properties = {}, ...attributes } = a;
    const { Properties: others = {}, ...otherAttributes } = b;
    return [
      ...differing(`${logicalId}.`, attributes, otherAttributes),
      ...differing(`${logicalId}.`, properties, others),
    ];
  });
  return [...resources, ...differing('', wantedSections, thereSections)];
}

type Fields = Readonly<Record<string, unknown>>;

const keysOf = (a: Fields, b: Fields): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();

/** The CDK writes the construct's path beside each resource. */
const isMadeByCdk = ({ Resources = {} }: Template): boolean =>
  Object.values(Resources).some(({ Metadata }) => Metadata?.['aws:cdk:path'] !== undefined);

/** Parameters' values are their defaults: releases set none. */
const parametersOf = ({ Parameters = {} }: Template): Record<string, string | null> =>
  Object.fromEntries(Object.entries(Parameters).map(([name, { Default = null }]) => [name, Default]));

/** An emulated account may show what an SSM parameter held in place of its name. */
function comparableParameters(
  { parameters }: FoundDeployment,
  { template: { Parameters = {} } }: ReleasedStack,
  { resolvesParameters }: CompareContext,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const declared = Parameters[name];
      const isRead = declared?.Type.startsWith('AWS::SSM::Parameter::') ?? false;
      return [name, isRead && resolvesParameters ? (declared?.Default ?? value) : value];
    }),
  );
}

/** A stack in the environment that the release does not have. */
export interface UnexpectedStack {
  readonly name: string;
  /** The earlier release that had it; null: none that is known. */
  readonly of: string | null;
}

export function judgeUnexpected(
  stacks: readonly UnexpectedStack[],
  { release, environment }: CompareContext,
): DriftCheck[] {
  return stacks.map(({ name, of }) => ({
    ...check(
      of === null ? 'release.stack-by-hand' : 'release.orphan',
      name,
      `no stack beyond those of release ${release}`,
      of === null ? 'made by hand, or left from a release nobody knows' : `left from release ${of}`,
      { detail: '' },
    ),
    detail:
      `If nothing in it is needed: aws cloudformation delete-stack --stack-name ${name}. ` +
      `If it is, make it a stack of infra and promote ${environment}.`,
  }));
}

const fixCommand = ({ environment, aim }: CompareContext): string =>
  `npm run drift -- --env ${environment}${aim} --fix`;

/** What the probes see too, by the name they give it. */
const PROPERTIES: Readonly<Record<string, string>> = { 'release.stack': PRESENT, 'release.tags': TAGS };

/** Passes when both are the same, whatever the order of keys. */
function check(
  id: string,
  stack: string,
  expected: unknown,
  actual: unknown,
  { detail }: { readonly detail: string },
): DriftCheck {
  const same = canonical(expected) === canonical(actual);
  return {
    id,
    detector: 'release',
    property: PROPERTIES[id] ?? id,
    subject: stack,
    resource: stackResource(stack),
    expected,
    actual,
    status: same ? 'pass' : 'fail',
    detail: same ? '' : detail,
  };
}
