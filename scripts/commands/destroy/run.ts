/**
 * `destroy`: destroys one environment under its lock, recorded in its ledger. No data is lost: a bucket that holds anything
 * refuses it, and the table's backup outlives it. What is gone is held, or the next promotion would deploy it again.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { Target } from '../../adapters/target.ts';
import { type Cause, endingOf, few } from '../../core/cause.ts';
import type { Clock } from '../../core/clock.ts';
import { checkConfirmation } from '../../core/destroy/destruction.ts';
import { UsageError } from '../../core/errors.ts';
import type { HoldEvent } from '../../core/ledger/event.ts';
import type { Hold } from '../../core/ledger/ledger.ts';
import type { Reporter, Task } from '../../core/progress.ts';
import { renderMarkdownTable, renderTable, type TableContent } from '../../core/render/table.ts';
import type { DestroyEnvironmentInput, DestroyedEnvironment } from '../../operations/destroy-environment.ts';
import { lockRequest, noteTakeover } from '../../operations/lock-request.ts';
import type { Site } from '../../operations/site.ts';

export interface DestroyInput {
  readonly environments: readonly EnvironmentConfig[];
  /** The environment's name typed again. */
  readonly confirm: string | undefined;
  readonly yesProduction: boolean;
  readonly reason: string;
  readonly by: string;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

export interface Dependencies {
  readonly resolveTargets: (environments: readonly EnvironmentConfig[]) => Promise<readonly Target[]>;
  readonly openSite: (target: Target) => Promise<Site>;
  readonly destroyEnvironment: (input: DestroyEnvironmentInput, site: Site) => Promise<DestroyedEnvironment>;
  readonly onExit: (hook: () => Promise<void>) => () => void;
  readonly clock: Pick<Clock, 'now'>;
  readonly reporter: Reporter;
}

export async function run(input: DestroyInput, deps: Dependencies): Promise<CommandResult> {
  const [environment, ...others] = input.environments;
  if (environment === undefined || others.length > 0)
    throw new UsageError('Destroy takes one environment: --env NAME.');
  checkConfirmation(environment, input);
  const [target] = await deps.resolveTargets([environment]);
  if (target === undefined) throw new RangeError(`${environment.name} has no target`);
  const task = deps.reporter.task(`destroying ${environment.name}`);
  try {
    const { destroyed, hold } = await destroyUnderLock(input, await deps.openSite(target), task, deps);
    if (destroyed.ok) task.done(`${destroyed.stacks.length} stacks gone`);
    else task.fail(`left: ${destroyed.remaining.join(', ')}`);
    return describe(destroyed, hold);
  } catch (error) {
    task.fail('stopped');
    throw error;
  }
}

async function destroyUnderLock(
  { by, reason, waitSeconds, signal }: DestroyInput,
  site: Site,
  task: Task,
  { destroyEnvironment, onExit, clock, reporter }: Dependencies,
): Promise<{ readonly destroyed: DestroyedEnvironment; readonly hold: Hold | null }> {
  const { environment, emulator } = site.target;
  const request = lockRequest(
    { site, by, waitSeconds, task, signal },
    { doing: `destroy ${environment.name}`, onExit },
  );
  return await site.locked(request, async (lock) => {
    noteTakeover(lock, environment.name, reporter);
    const stamp = () => ({ at: new Date(clock.now()).toISOString(), by });
    const destroyed = await destroyEnvironment(
      {
        environment,
        task,
        ...(emulator && { endpoint: emulator.endpoint, pollMs: 100 }),
        signal: AbortSignal.any([signal, lock.signal]),
        onBegin: async () => void (await site.ledger.record(lock, { type: 'destroy-started', ...stamp(), reason })),
      },
      site,
    );
    if (!destroyed.ok) return { destroyed, hold: null };
    // Before it is recorded as gone: what dies in between is taken up by destroying again.
    const hold = await keepHeld(site, { ...stamp(), reason: `destroyed: ${reason}` });
    await site.ledger.record(lock, { type: 'destroyed', ...stamp() });
    return { destroyed, hold };
  });
}

/** The next promotion would deploy what its file still asks for. A hold that stands already stays as it is. */
async function keepHeld({ ledger }: Site, held: Omit<HoldEvent, 'type'>): Promise<Hold | null> {
  const { hold } = (await ledger.read()).hold;
  return hold ?? (await ledger.recordHold({ type: 'held', ...held })).hold.hold;
}

function describe(destroyed: DestroyedEnvironment, hold: Hold | null): CommandResult {
  const { environment, ok, stacks, backups, remaining } = destroyed;
  const table: TableContent = {
    head: ['stack', 'before', 'after', 'why'],
    rows: stacks.map(({ stackName, before, after, reason }) => [stackName, before, after, reason]),
  };
  const lines = [
    ...stacks.flatMap(({ stackName, kept }) => kept.map((resource) => `${stackName} kept ${resource}`)),
    ...backups.map(({ table: name, arn }) => `${name} is saved in ${arn}`),
    ok ? `${environment} is destroyed; its release store, with ledger and history, remains.` : leftSentence(destroyed),
    ...(hold === null ? [] : [heldSentence(environment, hold)]),
  ];
  return {
    ...endingOf(ok ? undefined : causeOf(destroyed)),
    document: { environment, stacks, backups, remaining, hold },
    text: [...(stacks.length > 0 ? [renderTable(table)] : []), ...lines].join('\n'),
    summary: [...(stacks.length > 0 ? [renderMarkdownTable(table)] : []), ...lines].join('\n\n'),
  };
}

const heldSentence = (environment: string, { by, reason }: Hold): string =>
  `${environment} is held by ${by}: ${reason}. Promotions stop there until npm run resume -- --env ${environment} ` +
  `--reason "…", after which the next one deploys it again. For good: remove environments/${environment}.json.`;

const leftSentence = ({ environment, remaining }: DestroyedEnvironment): string =>
  `${environment} is not destroyed. Left: ${remaining.join(', ')}. Mend the reason, then run destroy again.`;

function causeOf(destroyed: DestroyedEnvironment): Cause {
  const reasons = destroyed.stacks
    .filter(({ reason }) => reason !== '')
    .map(({ stackName, after, reason }) => `  ${stackName}, ${after}: ${reason}`);
  return { code: 'NOT_DESTROYED', message: [leftSentence(destroyed), ...few(reasons)].join('\n') };
}
