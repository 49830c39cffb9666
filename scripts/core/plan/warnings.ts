/** What a reviewer should know of a plan beyond its changes: from the most serious on. Pure. */
import type { StackFacts } from './facts.ts';
import { byText, type ResourceChange, type StackPlan, type Warning } from './plan.ts';
import { enumerate, quote } from './sentence.ts';

/** @param facts of the same stacks, in the same order */
export function warningsOf(stacks: readonly StackPlan[], facts: readonly StackFacts[]): Warning[] {
  return [
    ...stacks.flatMap(irreversible),
    ...stacks.flatMap(possibleNames),
    ...stacks.flatMap(({ name, permissions }) => sentences('permission', name, permissions)),
    ...stacks.flatMap(({ name, network }) => sentences('network', name, network)),
    ...upstream(stacks, facts),
    ...stacks.flatMap(basis),
    ...stacks.flatMap(orphan),
  ];
}

const sentences = (
  code: string,
  stack: string,
  changes: readonly { readonly dangers: readonly string[] }[],
): Warning[] => [...new Set(changes.flatMap(({ dangers }) => dangers))].map((text) => ({ code, stack, text }));

/** Deletions and replacements of what holds data are failures already; these are the quiet ones. */
function irreversible({ name, resources }: StackPlan): Warning[] {
  return resources
    .filter(({ undo, action }) => undo.answer === 'no' && action === 'update')
    .map(({ path, undo }) => ({
      code: 'undo',
      stack: name,
      text: `${quote(path)} cannot be undone: ${undo.why.join('; ')}.`,
    }));
}

function possibleNames({ name, resources }: StackPlan): Warning[] {
  return resources
    .filter(({ action, fixedName }) => action === 'may-replace' && fixedName !== undefined)
    .map(({ path, fixedName }) => ({
      code: 'fixed-name',
      stack: name,
      text: `${quote(path)} may be replaced, and then cannot be deployed under its name ${quote(fixedName?.value ?? '')}.`,
    }));
}

function basis({ name, action, basis: from, note }: StackPlan): Warning[] {
  if (from === 'template') {
    return [
      {
        code: 'no-change-set',
        stack: name,
        text: `No change set could be made (${note === '' ? 'no reason was given' : quote(note)}): replacements are foretold from the template.`,
      },
    ];
  }
  return note === '' || action === 'orphan' ? [] : [{ code: 'state', stack: name, text: `${quote(note)}.` }];
}

const orphan = ({ name, action }: StackPlan): Warning[] =>
  action === 'orphan'
    ? [
        {
          code: 'orphan',
          stack: name,
          text: 'This repository deployed it and no longer has it. It stays as it is: remove it by hand or with destroy.',
        },
      ]
    : [];

/** Stacks that read an SSM parameter which this very release changes: what follows there is known only after. */
function upstream(stacks: readonly StackPlan[], facts: readonly StackFacts[]): Warning[] {
  const changing = stacks.flatMap((stack, index) => changingParameters(stack, facts[index]));
  return stacks.flatMap((stack, index) => {
    if (stack.action === 'create') return [];
    const defaults = Object.values(facts[index]?.released?.template.Parameters ?? {})
      .filter(({ Type }) => Type.startsWith('AWS::SSM::Parameter::Value'))
      .map(({ Default = '' }) => Default);
    const read = [...new Set(changing)].filter((name) => defaults.includes(name)).sort(byText);
    if (read.length === 0) return [];
    const text = `Reads ${enumerate(read.map(quote))}, which this release changes: what follows from it shows only then.`;
    return [{ code: 'upstream', stack: stack.name, text }];
  });
}

/** Names of the SSM parameters of a stack that get another value: changed themselves, or made of what is replaced. */
function changingParameters({ resources, action }: StackPlan, facts: StackFacts | undefined): string[] {
  if (action !== 'update') return [];
  const replaced = resources.filter(({ action: what }) => what === 'replace').map(({ logicalId }) => logicalId);
  const changed = new Set(
    resources.filter(({ action: what, type }) => type === SSM && what !== 'create').map(({ logicalId }) => logicalId),
  );
  return Object.entries(facts?.released?.template.Resources ?? {}).flatMap(([id, { Type, Properties = {} }]) => {
    if (Type !== SSM || typeof Properties['Name'] !== 'string') return [];
    const value = JSON.stringify(Properties['Value'] ?? null);
    const follows = replaced.some((logicalId) => value.includes(`"${logicalId}"`));
    return changed.has(id) || follows ? [Properties['Name']] : [];
  });
}

const SSM: ResourceChange['type'] = 'AWS::SSM::Parameter';
