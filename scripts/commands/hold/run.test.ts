/** `hold`: recorded in each environment, with who and why. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import type { HoldEvent } from '../../core/ledger/event.ts';
import { EMPTY_LEDGER } from '../../core/ledger/ledger.ts';
import { transition } from '../../core/ledger/transition.ts';
import { run } from './run.ts';

const targets = loadEnvironments({ variables: {} }).map((environment) => ({
  environment,
  account: environment.account,
  region: environment.region,
  unanswerable: [],
}));

describe('hold', () => {
  it('records it and says how it ends', async () => {
    const recorded: [string, HoldEvent][] = [];
    const { exitCode, text, document } = await run(
      { targets: targets.slice(1), reason: 'migration', by: 'ada' },
      {
        clock: { now: () => 0 },
        openSite: async ({ environment: { name } }) => ({
          ledger: {
            environment: name,
            read: assert.fail,
            record: assert.fail,
            recordHold: async (event) => {
              recorded.push([name, event]);
              const result = transition(EMPTY_LEDGER, event);
              return result.ok ? result.ledger : assert.fail(result.refusal.message);
            },
          },
        }),
      },
    );
    assert.equal(exitCode, 0);
    const event = { type: 'held', at: '1970-01-01T00:00:00.000Z', by: 'ada', reason: 'migration' };
    assert.deepEqual(recorded, [
      ['staging', event],
      ['prod', event],
    ]);
    assert.match(text, /prod is held: .*npm run resume -- --env prod --reason "…"/);
    assert.deepEqual((document['environments'] as { hold: { reason: string } }[])[1]?.hold.reason, 'migration');
  });
});
