/**
 * `status`: where every environment stands, or what happened in some of them. Changes nothing. What can't be read is
 * unknown, says why, and ends the command with 1.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { endingOf } from '../../core/cause.ts';
import type { Clock } from '../../core/clock.ts';
import { EXIT } from '../../core/errors.ts';
import { freezeAt } from '../../core/freeze/freeze.ts';
import { markApplied } from '../../core/ledger/history.ts';
import { causeOfUnknown, renderHistory, renderStatus } from '../../core/promotion/render-status.ts';
import { type StatusFacts, statusRows } from '../../core/promotion/status.ts';
import type { Records } from '../../operations/open-records.ts';

export interface StatusInput {
  /** All: how far one is behind is told from what the others have. */
  readonly environments: readonly EnvironmentConfig[];
  /** Names of those to show. */
  readonly shown: readonly string[];
  /** The past instead of the present. */
  readonly history: boolean;
}

export interface Dependencies {
  /** @throws where these credentials don't reach */
  readonly open: (environment: EnvironmentConfig) => Promise<Pick<Records, 'ledger' | 'history' | 'lock'>>;
  readonly clock: Pick<Clock, 'now'>;
}

export async function run(input: StatusInput, deps: Dependencies): Promise<CommandResult> {
  return input.history ? await showHistory(input, deps) : await showStatus(input, deps);
}

async function showStatus({ environments, shown }: StatusInput, deps: Dependencies): Promise<CommandResult> {
  const facts = await Promise.all(environments.map((environment) => look(environment, deps)));
  const rows = statusRows(facts).filter(({ environment }) => shown.includes(environment));
  const { text, markdown } = renderStatus(rows);
  return {
    ...endingOf(causeOfUnknown(rows)),
    document: { environments: rows },
    text,
    summary: markdown,
  };
}

async function look(environment: EnvironmentConfig, { open, clock }: Dependencies): Promise<StatusFacts> {
  const freeze = freezeAt(environment.promotion.freeze, new Date(clock.now()));
  try {
    const records = await open(environment);
    const [ledger, lock] = await Promise.all([records.ledger.read(), records.lock()]);
    return { environment, freeze, read: { ok: true, ledger, lock } };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { environment, freeze, read: { ok: false, problem } };
  }
}

async function showHistory({ environments, shown }: StatusInput, { open }: Dependencies): Promise<CommandResult> {
  const chosen = environments.filter(({ name }) => shown.includes(name));
  const histories = await Promise.all(
    chosen.map(async (environment) => {
      const { ledger, history } = await open(environment);
      // The ledger first: a record that comes in between is newer than it, and does not count as dead.
      const { current, hold } = await ledger.read();
      const records = markApplied(await history.list(), { current: current.sequence, hold: hold.sequence });
      return { environment: environment.name, records, ...renderHistory(environment.name, records) };
    }),
  );
  return {
    exitCode: EXIT.done,
    document: { environments: histories.map(({ environment, records }) => ({ environment, records })) },
    text: histories.map(({ environment, text }) => `${environment}\n${text}`).join('\n\n'),
    summary: histories.map(({ environment, markdown }) => `### ${environment}\n\n${markdown}`).join('\n\n'),
  };
}
