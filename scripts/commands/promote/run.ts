/**
 * `promote`: takes one release through the environments named, and tells how far it got, what it took, and where the
 * time went.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { predecessor } from '../../../environments/waves.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { formatElapsed } from '../../adapters/reporter/text.ts';
import type { Target } from '../../adapters/target.ts';
import { renderStacks } from '../../core/deployment/stack-result.ts';
import { UsageError } from '../../core/errors.ts';
import { releaseLabel } from '../../core/release/release.ts';
import { renderMarkdownTable, type TableContent } from '../../core/render/table.ts';
import type { ReleaseOnDisk } from '../../operations/fetched-release.ts';
import type { PromoteInput, Promotion } from '../../operations/promote.ts';
import { endingOfPromotion } from '../../operations/promotion-cause.ts';
import type { EnvironmentPromotion } from '../../operations/promotion-result.ts';

export interface Selection {
  readonly only: string | undefined;
  readonly until: string | undefined;
}

export interface PromoteCommandInput extends Omit<PromoteInput, 'release' | 'folder' | 'targets'> {
  /** What `--env` named; all when it was not given. */
  readonly chosen: readonly EnvironmentConfig[];
  readonly selection: Selection;
}

export interface Dependencies {
  readonly resolveTargets: (environments: readonly EnvironmentConfig[]) => Promise<readonly Target[]>;
  /** Obtains the release and keeps it unchanged for as long as `use` takes. */
  readonly withRelease: (
    targets: readonly Target[],
    use: (release: ReleaseOnDisk) => Promise<Promotion>,
  ) => Promise<Promotion>;
  readonly promote: (input: PromoteInput) => Promise<Promotion>;
}

export async function run(input: PromoteCommandInput, deps: Dependencies): Promise<CommandResult> {
  const environments = select(input);
  const targets = await deps.resolveTargets(environments);
  const promotion = await deps.withRelease(targets, (release) => deps.promote({ ...input, ...release, targets }));
  return describe(promotion);
}

/**
 * `--only E`: E. `--until E`: E and all that must come before it. Neither: what `--env` names.
 * @throws UsageError
 */
export function select({ selection, chosen, environments }: PromoteCommandInput): readonly EnvironmentConfig[] {
  const { only, until } = selection;
  if (only !== undefined && until !== undefined) throw new UsageError('Say --only or --until, not both.');
  const name = only ?? until;
  if (name === undefined) return chosen;
  if (chosen.length < environments.length) throw new UsageError('Say --env or --only or --until, one of them.');
  const last = environments.find((environment) => environment.name === name);
  if (last === undefined) {
    const known = environments.map((environment) => environment.name).join(', ');
    throw new UsageError(`No environment "${name}". There are: ${known}.`);
  }
  if (only !== undefined) return [last];
  const needed = new Set<string>();
  for (let next: EnvironmentConfig | undefined = last; next; next = predecessor(next, environments)) {
    needed.add(next.name);
  }
  return environments.filter((environment) => needed.has(environment.name));
}

export function describe(promotion: Promotion): CommandResult {
  const { release, environments, criticalPath } = promotion;
  const table: TableContent = {
    head: ['environment', 'outcome', 'what happened'],
    rows: environments.map(({ environment, outcome, message }) => [environment, outcome, message]),
  };
  const stacks = environments.filter((environment) => environment.stacks.length > 0);
  const stackTable = renderStacks(stacks.map((each) => ({ name: each.environment, stacks: each.stacks })));
  const head = `Release ${releaseLabel(release)}`;
  const details = environments.flatMap(detailsOf);
  const path = renderPath(criticalPath);
  const outcomes = environments.map(({ environment, outcome, message }) => `${environment}: ${outcome}. ${message}`);
  const { id, commit, committedAt, dirty } = release;
  const superseded = environments.some(({ outcome }) => outcome === 'superseded');
  return {
    ...endingOfPromotion(promotion),
    // Empty where it is not so: of the legs of a matrix, GitHub takes the last value that is not empty.
    outputs: { superseded: superseded ? 'true' : '' },
    document: { release: { id, commit, committedAt, dirty }, environments, criticalPath },
    text: [head, ...(stacks.length > 0 ? [stackTable.text] : []), ...outcomes, ...details, ...path].join('\n'),
    summary: [
      head,
      renderMarkdownTable(table),
      ...(stacks.length > 0 ? [stackTable.markdown] : []),
      ...(details.length > 0 ? [`\`\`\`\n${details.join('\n')}\n\`\`\``] : []),
      ...path,
    ].join('\n\n'),
  };
}

/** Everything that stands in the way, and what a rollback left. */
function detailsOf({ environment, details, rollback }: EnvironmentPromotion): string[] {
  const left = (rollback?.leftovers ?? []).map(
    ({ name, removed, reason }) => `${environment}: ${name} ${removed ? 'was removed' : 'was left'}: ${reason}`,
  );
  return [...details.map((line) => `${environment}: ${line}`), ...left];
}

function renderPath({ steps, milliseconds }: Promotion['criticalPath']): string[] {
  if (steps.length === 0) return [];
  const chain = steps.map(({ id, milliseconds: own }) => `${id} ${formatElapsed(own)}`).join(' → ');
  return [`Took ${formatElapsed(milliseconds)}. Critical path: ${chain}`];
}
