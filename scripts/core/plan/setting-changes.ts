/** What changes of a stack beside its resources: outputs, exports, parameters, tags, conditions, mappings. Pure. */
import { deepEqual } from '@aws-cdk/cloudformation-diff';
import type { StackFacts, Template } from './facts.ts';
import type { Readers } from './permissions.ts';
import { byText, type Json, type SettingChange } from './plan.ts';
import { isSecretKey, MASK, maskValue } from './secrets.ts';
import { undoOfSetting } from './undo.ts';

type Kind = SettingChange['kind'];
type Values = Readonly<Record<string, Json>>;

/** Sections that say something of their own. Resources are not among them; metadata is no change. */
const SECTIONS: Readonly<Record<string, Kind>> = {
  Conditions: 'condition',
  Mappings: 'mapping',
  Rules: 'other',
  Transform: 'other',
  Hooks: 'other',
  Description: 'description',
};

export function settingChanges(
  { deployed, released, movedParameters = {} }: StackFacts,
  readers: Readers,
): SettingChange[] {
  if (deployed === undefined || released === undefined) return [];
  const [before, after] = [deployed.template, released.template];
  const sections = Object.entries(SECTIONS).flatMap(([section, kind]) =>
    compare(kind, sectionOf(before, section), sectionOf(after, section)),
  );
  const moved = Object.entries(movedParameters).map(([name, { old, new: next }]) =>
    setting('parameter', after.Parameters?.[name]?.Default ?? name, old, next),
  );
  return [
    ...compare('output', outputs(before, readers.old), outputs(after, readers.new)),
    ...compare('export', exports(before, readers.old), exports(after, readers.new)),
    ...compare('parameter', parameters(before), parameters(after)),
    ...moved,
    ...compare('tag', deployed.tags, released.tags),
    ...sections,
  ].sort((a, b) => byText(`${a.kind} ${a.name}`, `${b.kind} ${b.name}`));
}

function compare(kind: Kind, old: Values, next: Values): SettingChange[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return names
    .filter((name) => !deepEqual(old[name], next[name]))
    .map((name) => setting(kind, name, old[name], next[name]));
}

function setting(kind: Kind, name: string, old: Json | undefined, next: Json | undefined): SettingChange {
  const action = old === undefined ? 'add' : next === undefined ? 'remove' : 'change';
  const [before, after] = [maskValue(name, old), maskValue(name, next)];
  return {
    kind,
    name,
    action,
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
    undo: undoOfSetting({ kind, action }),
  };
}

/** A section as named values; one that is a single value bears its own name. */
function sectionOf(template: Template, section: string): Values {
  const value = template[section] as Json | undefined;
  if (value === undefined) return {};
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Values)
    : { [section]: value };
}

interface Output {
  readonly Value?: Json;
  readonly Export?: { readonly Name?: Json };
}
const outputsOf = (template: Template): [string, Output][] =>
  Object.entries((template['Outputs'] ?? {}) as Record<string, Output>);

const outputs = (template: Template, reader: Readers['old']): Values =>
  Object.fromEntries(outputsOf(template).map(([name, { Value = null }]) => [name, reader.read(Value)]));

const exports = (template: Template, reader: Readers['old']): Values =>
  Object.fromEntries(
    outputsOf(template).flatMap(([, { Value = null, Export }]) =>
      Export?.Name === undefined ? [] : [[String(reader.read(Export.Name)), reader.read(Value)]],
    ),
  );

/** What the template declares. Those CDK reads by itself are no setting: its bootstrap version, and SSM parameters. */
function parameters(template: Template): Values {
  const declared = Object.entries(template.Parameters ?? {}).filter(
    ([name, { Type }]) => name !== 'BootstrapVersion' && !Type.startsWith('AWS::SSM::Parameter::Value'),
  );
  return Object.fromEntries(
    declared.map(([name, { Default = '', NoEcho }]) => [
      name,
      String(NoEcho) === 'true' || isSecretKey(name) ? MASK : Default,
    ]),
  );
}
