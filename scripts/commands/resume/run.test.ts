/** `resume`: lifts a hold and says whose it was; where nobody holds it, that is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import type { EnvironmentLedger } from '../../adapters/ledger/ledger.ts';
import type { HoldEvent } from '../../core/ledger/event.ts';
import { EMPTY_LEDGER, type Ledger } from '../../core/ledger/ledger.ts';
import { transition } from '../../core/ledger/transition.ts';
import { run } from './run.ts';

const targets = loadEnvironments({ variables: {} })
  .filter(({ name }) => name === 'prod')
  .map((environment) => ({ environment, account: '1', region: 'r', unanswerable: [] }));

function world(ledger: Ledger) {
  const recorded: HoldEvent[] = [];
  const records: EnvironmentLedger = {
    environment: 'prod',
    read: async () => ledger,
    record: assert.fail,
    recordHold: async (event) => {
      const result = transition(ledger, event);
      if (!result.ok) throw new Error(result.refusal.message);
      recorded.push(event);
      return result.ledger;
    },
  };
  const deps = { clock: { now: () => 0 }, openSite: async () => ({ ledger: records }) };
  return { recorded, start: () => run({ targets, reason: 'mended', by: 'ada' }, deps) };
}

describe('resume', () => {
  it('lifts the hold and says whose it was', async () => {
    const hold = { by: 'grace', since: '2026-11-23T12:00:00.000Z', reason: 'incident' };
    const { recorded, start } = world({ ...EMPTY_LEDGER, hold: { ...EMPTY_LEDGER.hold, hold } });
    const { text } = await start();
    assert.match(text, /prod is free again, held by grace since .*: incident/);
    assert.deepEqual(recorded, [{ type: 'resumed', at: '1970-01-01T00:00:00.000Z', by: 'ada', reason: 'mended' }]);
  });

  it('is refused where nobody holds it', async () => {
    await assert.rejects(world(EMPTY_LEDGER).start(), /nobody holds it/);
  });
});
