/**
 * Settles what a change set leaves open although it is known. Pure.
 *
 * Of a property whose new value stands in the template the resource specification says whether changing it replaces the
 * resource; and who refers to a resource that is not replaced refers to the same as before. CloudFormation knows both;
 * an emulated one says `Conditionally` for every type it does not know, and so for everything that refers to it.
 */
import type { ChangeSet } from './facts.ts';
import { causesReplacement } from './resource-types.ts';

type Change = NonNullable<ChangeSet['Changes']>[number];
type Detail = NonNullable<NonNullable<Change['ResourceChange']>['Details']>[number];

export function settleChangeSet(changeSet: ChangeSet): ChangeSet {
  let changes = (changeSet.Changes ?? []).map((change) =>
    withDetails(change, (type, detail) => [settle(type, detail)]),
  );
  for (;;) {
    const staying = new Set(changes.filter(stays).map(({ ResourceChange: resource }) => resource?.LogicalResourceId));
    const next = changes.map((change) =>
      withDetails(change, (_, detail) =>
        detail.ChangeSource === 'ResourceReference' && staying.has(detail.CausingEntity) ? [] : [detail],
      ),
    );
    // Each round frees what refers to what was freed before.
    if (count(next) === count(changes)) return { ...changeSet, Changes: next };
    changes = next;
  }
}

const count = (changes: readonly Change[]): number =>
  changes.reduce((sum, { ResourceChange: resource }) => sum + (resource?.Details?.length ?? 0), 0);

function withDetails(change: Change, settled: (type: string, detail: Detail) => Detail[]): Change {
  const { ResourceChange: resource } = change;
  if (resource?.Details === undefined) return change;
  const Details = resource.Details.flatMap((detail) => settled(resource.ResourceType ?? '', detail));
  return { ...change, ResourceChange: { ...resource, Details } };
}

function settle(type: string, detail: Detail): Detail {
  const { Target: target, Evaluation: evaluation } = detail;
  if (target?.Attribute !== 'Properties' || target.Name === undefined) return detail;
  if (target.RequiresRecreation !== 'Conditionally') return detail;
  const known = causesReplacement(type, target.Name);
  if (known === 'never') return { ...detail, Target: { ...target, RequiresRecreation: 'Never' } };
  // A value that is known only later may turn out to be the same.
  if (known === 'maybe' || evaluation !== 'Static') return detail;
  return { ...detail, Target: { ...target, RequiresRecreation: 'Always' } };
}

/** Modified where it is, for sure. */
const stays = ({ ResourceChange: resource }: Change): boolean =>
  resource?.Action === 'Modify' &&
  resource.Replacement !== 'True' &&
  (resource.Details ?? []).every(({ Target: target }) => (target?.RequiresRecreation ?? 'Never') === 'Never');
