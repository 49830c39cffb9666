/** Rules of names and of the order of promotion, over all environments. Pure. */
import { suggestKey } from '../allowed.ts';
import { type Finding, show } from '../problem.ts';
import type { EnvironmentDraft } from '../shape.ts';

/** An environment among others. */
export interface Neighbour {
  /** What the file's name says the environment is called. */
  readonly fileName: string;
  readonly draft: EnvironmentDraft;
}

/** Names with a meaning of their own. */
const RESERVED: Readonly<Record<string, string>> = {
  all: '`--env all` means every environment',
  default: 'CDK_DEFAULT_ACCOUNT, which would override its account, is set by the CDK itself',
};
const ROLLBACK_SUFFIX = '-rollback';

export function checkName(name: string | undefined, fileName: string): Finding[] {
  if (name === undefined) return [];
  const wrong = (allowed: string): Finding => ({ path: ['name'], found: show(name), allowed });
  const reserved = Object.hasOwn(RESERVED, name) ? RESERVED[name] : undefined;
  return [
    ...(name === fileName
      ? []
      : [wrong(`${show(fileName)}, as the file is called: change the name, or rename the file to ${name}.json`)]),
    ...(reserved === undefined ? [] : [wrong(`another name: ${reserved}`)]),
    ...(name.endsWith(ROLLBACK_SUFFIX)
      ? [
          wrong(
            `a name not ending in ${ROLLBACK_SUFFIX}: the GitHub environment {name}${ROLLBACK_SUFFIX} is for rollbacks`,
          ),
        ]
      : []),
  ];
}

/**
 * `after` names another environment, and following it ends at null. That there is a first environment needs no rule of
 * its own: among finitely many, an order without one has a cycle or points outside.
 */
export function checkOrder(one: Neighbour, all: readonly Neighbour[]): Finding[] {
  const after = one.draft.promotion?.after;
  if (after === undefined || after === null) return [];
  const wrong = (found: string, allowed: string): Finding[] => [{ path: ['promotion', 'after'], found, allowed }];
  const names = all.map(({ fileName }) => fileName);
  if (after === one.fileName) return wrong(`${show(after)}, itself`, `another environment, or null for the first wave`);
  if (!names.includes(after)) {
    const suggestion = suggestKey(after, names);
    const others = names.filter((name) => name !== one.fileName).map(show);
    return wrong(
      `${show(after)}, which is no environment`,
      `${suggestion === undefined ? '' : `${show(suggestion)}? `}One of ${[...others, 'null'].join(', ')}`,
    );
  }
  const cycle = cycleThrough(one, all);
  return cycle === undefined
    ? []
    : wrong(
        `${show(after)}, which makes a cycle: ${cycle.join(' after ')}`,
        'an order that starts somewhere: one of them comes after null',
      );
}

function cycleThrough(one: Neighbour, all: readonly Neighbour[]): string[] | undefined {
  const way = [one.fileName];
  for (let next = afterOf(one, all); next !== undefined; next = afterOf(next, all)) {
    if (next === one) return [...way, one.fileName];
    // A cycle further on, which this environment only leads to: it is told where it is.
    if (way.includes(next.fileName)) return undefined;
    way.push(next.fileName);
  }
  return undefined;
}

const afterOf = ({ draft }: Neighbour, all: readonly Neighbour[]): Neighbour | undefined =>
  all.find(({ fileName }) => fileName === draft.promotion?.after);
