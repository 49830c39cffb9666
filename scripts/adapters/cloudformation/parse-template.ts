/**
 * A CloudFormation template as it was handed in: JSON, as CDK writes it, or YAML with CloudFormation's short forms, as people
 * write it. Pure.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
import { type CollectionTag, Pair, parseDocument, Scalar, type ScalarTag, type Tags, YAMLMap, YAMLSeq } from 'yaml';
import type { Template } from '../../core/plan/facts.ts';

/** Short forms whose long form is the name behind `Fn::`. */
const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
] as const;

/** @throws Error when it is neither, or no template */
export function parseTemplate(body: string): Template {
  const template = body.trimStart().startsWith('{') ? parseJson(body) : parseYaml(body);
  if (typeof template !== 'object' || template === null || Array.isArray(template)) {
    throw new TypeError('it is no map of sections');
  }
  return template as Template;
}

/** YAML's flow style begins with a brace too. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return parseYaml(body);
  }
}

/** With the core schema: dates and `yes` stay the texts they are, as CloudFormation takes them. */
function parseYaml(body: string): unknown {
  const document = parseDocument(body, { schema: 'core', customTags: SHORT_FORMS });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  return document.toJS({ maxAliasCount: 100 });
}

/** `!Sub text` stands for a map of one entry. */
const longForm = (tag: string, key: string, read: (text: string) => unknown): Tags => [
  { tag, resolve: (text) => ({ [key]: read(text) }) } satisfies ScalarTag,
  ...[YAMLSeq, YAMLMap].map(
    (nodeClass): CollectionTag => ({
      tag,
      collection: nodeClass === YAMLSeq ? 'seq' : 'map',
      nodeClass,
      resolve: (collection) => {
        const map = new YAMLMap();
        map.items.push(new Pair(new Scalar(key), collection));
        return map;
      },
    }),
  ),
];

const itself = (text: string): string => text;
/** `Logical.Attribute`; of nested stacks the attribute has a dot too: `Outputs.Name`. */
const attribute = (text: string): string[] => {
  const dot = text.indexOf('.');
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
};

const SHORT_FORMS: Tags = [
  ...longForm('!Ref', 'Ref', itself),
  ...longForm('!Condition', 'Condition', itself),
  ...longForm('!GetAtt', 'Fn::GetAtt', attribute),
  ...FUNCTIONS.flatMap((name) => longForm(`!${name}`, `Fn::${name}`, itself)),
];
