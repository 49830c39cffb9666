/**
 * IAM statements and attachments that change: widened, narrowed or changed, with a sentence for the dangerous ones. Pure.
 */
import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { compareSets, type Relation, sameSet } from './pattern-sets.ts';
import { byText, type Direction, type PermissionChange, type Statement } from './plan.ts';
import { isAnyone, isOwnAccount, isOwnIdentity, isService, principalName } from './principals.ts';
import type { Reader } from './references.ts';
import { enumerate, quote } from './sentence.ts';

type IamStatement = TemplateDiff['iamChanges']['statements']['additions'][number];

export interface Readers {
  readonly old: Reader;
  readonly new: Reader;
}

/** Where the stack is: what is no news there. */
export interface Place {
  readonly account: string;
  /** The stack is new: what CDK always asks of `*` is no news in it. */
  readonly created: boolean;
}

export function permissionChanges(diff: TemplateDiff, readers: Readers, place: Place): PermissionChange[] {
  const { statements, managedPolicies } = diff.iamChanges;
  const removed = statements.removals.map((statement) => toStatement(statement, readers.old));
  const added = statements.additions.map((statement) => toStatement(statement, readers.new));
  const attachment = (reader: Reader, identity: string, policy: string): Statement => ({
    effect: 'Attach',
    principals: [reader.readText(identity)],
    actions: [reader.readText(policy)],
    resources: [],
    condition: '',
  });
  const detached = managedPolicies.removals.map((each) =>
    attachment(readers.old, each.identityArn, each.managedPolicyArn),
  );
  const attached = managedPolicies.additions.map((each) =>
    attachment(readers.new, each.identityArn, each.managedPolicyArn),
  );
  return pair([...removed, ...detached], [...added, ...attached])
    .map(([old, next]) => ({
      direction: directionOf(old, next),
      ...(old && { old }),
      ...(next && { new: next }),
      dangers: dangersOf(old, next, place),
    }))
    .sort((a, b) => byText(sortKey(a), sortKey(b)));
}

const RANK: Readonly<Record<Direction, number>> = { widened: 0, changed: 1, narrowed: 2 };
const sortKey = (change: PermissionChange): string =>
  `${change.dangers.length > 0 ? 0 : 1}${RANK[change.direction]}${JSON.stringify([change.new, change.old])}`;

function toStatement(statement: IamStatement, reader: Reader): Statement {
  const { resource, condition } = statement.render();
  const values = (targets: IamStatement['actions']): string[] =>
    targets.values.map((value) => `${targets.not ? 'not ' : ''}${reader.readText(value)}`).sort(byText);
  return {
    // A statement made by an intrinsic function is one text: nothing in it can be told apart.
    effect: statement.effect,
    principals: values(statement.principals),
    actions: values(statement.actions),
    resources: statement.resources.empty && resource !== '' ? [reader.readText(resource)] : values(statement.resources),
    condition: reader.readText(condition),
  };
}

type Pair = readonly [old: Statement | undefined, next: Statement | undefined];

/** What is removed and added as one statement that changed: same effect, and two of who, what and on what alike. */
function pair(removed: readonly Statement[], added: readonly Statement[]): Pair[] {
  const left = [...added].sort(byJson);
  const pairs: Pair[] = [];
  for (const old of [...removed].sort(byJson)) {
    const ranked = left.map((next, index) => ({ index, likeness: likeness(old, next) }));
    const best = ranked.reduce((a, b) => (b.likeness > a.likeness ? b : a), { index: -1, likeness: ENOUGH - 1 });
    const [next] = best.index === -1 ? [] : left.splice(best.index, 1);
    // Only ids behind the same construct moved: no change.
    if (next === undefined || JSON.stringify(old) !== JSON.stringify(next)) pairs.push([old, next]);
  }
  return [...pairs, ...left.map((next): Pair => [undefined, next])];
}

const byJson = (a: Statement, b: Statement): number => byText(JSON.stringify(a), JSON.stringify(b));
const ENOUGH = 4;
const likeness = (a: Statement, b: Statement): number =>
  a.effect !== b.effect
    ? 0
    : 2 * Number(sameSet(a.principals, b.principals)) +
      2 * Number(sameSet(a.actions, b.actions)) +
      2 * Number(sameSet(a.resources, b.resources)) +
      Number(a.condition === b.condition);

function directionOf(old: Statement | undefined, next: Statement | undefined): Direction {
  const allows = (next ?? old)?.effect !== 'Deny';
  if (old === undefined) return allows ? 'widened' : 'narrowed';
  if (next === undefined) return allows ? 'narrowed' : 'widened';
  const relations = new Set<Relation>([
    compareSets(old.principals, next.principals),
    compareSets(old.actions, next.actions),
    compareSets(old.resources, next.resources),
    compareConditions(old.condition, next.condition),
  ]);
  relations.delete('equal');
  const [only, ...others] = relations;
  if (others.length > 0 || only === undefined || only === 'different') return 'changed';
  return (only === 'wider') === allows ? 'widened' : 'narrowed';
}

function compareConditions(old: string, next: string): Relation {
  if (old === next) return 'equal';
  if (next === '') return 'wider';
  return old === '' ? 'narrower' : 'different';
}

function dangersOf(old: Statement | undefined, next: Statement | undefined, { account, created }: Place): string[] {
  if (next?.effect === 'Attach') return attachmentDangers(next);
  if (next === undefined) {
    return old?.effect === 'Deny' ? [`What denied ${what(old)} to ${who(old)} is removed.`] : [];
  }
  if (next.effect === 'Deny') return [];
  if (old === undefined && next.principals.length > 0 && next.principals.every((each) => isOwnAccount(each, account))) {
    return [];
  }
  const fresh = (field: 'actions' | 'resources' | 'principals'): string[] =>
    next[field].filter((value) => !old?.[field].includes(value));
  const dangers: string[] = [];
  if (fresh('principals').some(isAnyone)) {
    dangers.push(`Anyone may now ${does(next)} on ${on(next)}${next.condition === '' ? '' : ', under a condition'}.`);
  }
  const wildcards = fresh('actions').filter((action) => action === '*' || action.endsWith(':*'));
  const excluded = fresh('actions').filter((action) => action.startsWith('not '));
  if (wildcards.length > 0) {
    dangers.push(`${capital(who(next))} may now do everything of ${enumerate(wildcards.map(quote))} on ${on(next)}.`);
  }
  if (excluded.length > 0) {
    dangers.push(`${capital(who(next))} may now do everything but what is listed on ${on(next)}: NotAction.`);
  }
  if (!created && fresh('resources').includes('*') && wildcards.length === 0) {
    dangers.push(`${capital(who(next))} may now ${does(next)} on every resource: a new ${quote('*')}.`);
  }
  const strangers = fresh('principals').filter(
    (principal) => !isAnyone(principal) && !isOwnIdentity(principal) && !(isService(principal) && old === undefined),
  );
  if (strangers.length > 0 && !(created && strangers.every(isService))) {
    dangers.push(`New principal: ${enumerate(strangers.map(quote))} may now ${does(next)} on ${on(next)}.`);
  }
  return dangers;
}

const attachmentDangers = ({ principals, actions }: Statement): string[] =>
  actions
    .filter((policy) => /(AdministratorAccess|FullAccess|PowerUserAccess)$/.test(policy))
    .map(
      (policy) =>
        `${capital(enumerate(principals.map(principalName).map(quote)))} gets the managed policy ${quote(policy)}.`,
    );

const who = ({ principals }: Statement): string =>
  principals.some(isAnyone) ? 'anyone' : enumerate(principals.map(principalName).map(quote));
const does = ({ actions }: Statement): string => enumerate(actions.map(quote));
const on = ({ resources }: Statement): string =>
  resources.includes('*') ? `every resource (${quote('*')})` : enumerate(resources.map(quote));
const what = (statement: Statement): string => `${does(statement)} on ${on(statement)}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
