/**
 * A process killed at each of its calls, before the service acts on it and after: the next one takes over, ends validated, and
 * the history tells all of it. With the adapters themselves, over real HTTP.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { type HistoryRecord, historyKey, markApplied } from '../../core/ledger/history.ts';
import { startFakeSsm } from '../../testing/fake-ssm.ts';
import { passed, release } from '../../testing/ledger-samples.ts';
import type { History } from '../release-store/history.ts';
import { systemClock } from '../system-clock.ts';
import { openLedger } from './ledger.ts';
import { withLock } from './lock.ts';

class Killed extends Error {}

/** Counts the calls of one process and kills it at one of them: from then on nothing of it reaches anyone. */
class Mortality {
  calls = 0;
  readonly #at: number;
  readonly #applied: boolean;
  constructor(at: number, applied: boolean) {
    this.#at = at;
    this.#applied = applied;
  }
  async call<T>(perform: () => Promise<T>): Promise<T> {
    this.calls += 1;
    if (this.calls > this.#at || (this.calls === this.#at && !this.#applied)) throw new Killed();
    const answer = await perform();
    if (this.calls === this.#at) throw new Killed();
    return answer;
  }
}

function mortal(client: SSMClient, mortality: Mortality): SSMClient {
  // After serializing, outside of the SDK's retries: a dead process retries nothing.
  client.middlewareStack.add((next) => (args) => mortality.call(() => next(args)), { step: 'build' });
  return client;
}

describe('a promotion killed at any of its calls', () => {
  for (const applied of [false, true]) {
    it(`is taken up to its end, when killed ${applied ? 'after' : 'before'} the service acted`, async () => {
      let now = Date.now();
      await using fake = await startFakeSsm(() => now);
      for (let at = 1; ; at += 1) {
        for (const name of fake.names()) fake.remove(name);
        const stored = new Map<string, HistoryRecord>();
        const first = new Mortality(at, applied);
        const killed = await promote(first).then(
          () => false,
          (error) => {
            if (!(error instanceof Killed)) throw error;
            return true;
          },
        );
        now += 61_500;
        await promote(new Mortality(Number.POSITIVE_INFINITY, true));

        const ledger = await openLedger(
          { ssm: fake.client(), history: historyIn(stored), clock: systemClock },
          'dev',
        ).read();
        assert.equal(ledger.current.state, 'validated', `killed at call ${at}`);
        const told = [...stored].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
        const sequences = markApplied(told, { current: ledger.current.sequence, hold: 0 })
          .filter((record) => record.applied)
          .map(({ sequence }) => sequence);
        assert.deepEqual(
          sequences,
          Array.from({ length: ledger.current.sequence }, (_, index) => index + 1),
          `killed at call ${at}`,
        );
        if (!killed) {
          assert.ok(at > 20, `only ${at} calls were made`);
          return;
        }

        async function promote(mortality: Mortality): Promise<void> {
          const ssm = mortal(fake.client({ maxAttempts: 1 }), mortality);
          const history = historyIn(stored, mortality);
          const environment = openLedger({ ssm, history, clock: systemClock }, 'dev');
          const floor = (await environment.read()).current.generation;
          const request = { environment: 'dev', by: 'ada', doing: 'promote', floor, waitSeconds: 0 };
          const onExit = () => () => {};
          await withLock({ ssm, clock: systemClock, warn: () => {} }, request, onExit, async (lock) => {
            const stamp = () => ({ at: new Date(now).toISOString(), by: 'ada' });
            now += 10;
            await environment.record(lock, {
              ...stamp(),
              type: 'deploy-started',
              release: release(1),
              purpose: 'promotion',
            });
            now += 10;
            await environment.record(lock, { ...stamp(), type: 'deploy-finished' });
            now += 10;
            await environment.record(lock, { ...stamp(), type: 'validated', verdict: passed });
          });
          ssm.destroy();
        }
      }
    });
  }
});

function historyIn(
  stored: Map<string, HistoryRecord>,
  mortality = new Mortality(Number.POSITIVE_INFINITY, true),
): History {
  return {
    append: (record) =>
      mortality.call(async () => {
        const key = historyKey(record);
        assert.ok(!stored.has(key), `${key} would be overwritten`);
        stored.set(key, record);
      }),
    list: async () => [...stored.values()],
  };
}
