/** `status`: where environments stand, what can't be known, and the past. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import { EXIT } from '../../core/errors.ts';
import { EMPTY_LEDGER, type Ledger } from '../../core/ledger/ledger.ts';
import type { LockView } from '../../core/lock/lease.ts';
import { apply, deploy, deployed, ledgerAfter, promoted, rollback } from '../../testing/ledger-samples.ts';
import { type Dependencies, run } from './run.ts';

const environments = loadEnvironments({ variables: {} });
const names = environments.map(({ name }) => name);
const unused = async (): Promise<never> => assert.fail('status changes nothing');
const held: LockView = { held: true, by: 'grace', doing: 'promote', generation: 1, ageSeconds: 7, expired: false };

function world(ledgers: Readonly<Record<string, Ledger | Error>>, lock: LockView = { held: false }) {
  const { records } = apply([...promoted(1), deploy(2), deployed]);
  const deps: Dependencies = {
    open: async ({ name }) => {
      const ledger = ledgers[name] ?? EMPTY_LEDGER;
      if (ledger instanceof Error) throw ledger;
      return {
        ledger: { environment: name, read: async () => ledger, record: unused, recordHold: unused },
        history: { append: unused, list: async () => [...records] },
        lock: async () => lock,
      };
    },
    // A Sunday: no market, no freeze.
    clock: { now: () => Date.parse('2026-11-22T15:00:00Z') },
  };
  return (shown = names, history = false) => run({ environments, shown, history }, deps);
}

describe('status', () => {
  it('shows every environment: release, commit, state, since when, by whom, lock, how far behind', async () => {
    const two = ledgerAfter(promoted(2));
    const start = world({ dev: two, staging: ledgerAfter(promoted(1)) }, held);
    const { exitCode, text, document } = await start();
    assert.equal(exitCode, EXIT.done);
    assert.match(text, /│ dev +│ validated │ a{12} │ c{12} +│ \S+Z │ ada │ 0 +│ +│ by grace, 7 s │/);
    assert.match(text, /│ staging +│ validated │ a{12} │ c{12} +│ \S+Z │ ada │ 1 +│/);
    assert.match(text, /│ prod +│ empty +│ +│/);
    assert.equal((document['environments'] as unknown[]).length, 3);
  });

  it('tells a hold with who, why and the way out; a rejected release; a process that died', async () => {
    const standing = ledgerAfter([...promoted(1), deploy(2), deployed]);
    const back = ledgerAfter([rollback(standing, 1)], standing);
    const hold = { by: 'grace', since: '2026-11-23T12:00:00.000Z', reason: 'incident' };
    const { text } = await world({ dev: { ...back, hold: { ...back.hold, hold } } })(['dev']);
    assert.match(text, /│ dev +│ rolling-back \(abandoned\) │/);
    assert.match(text, /dev: held by grace since .*: incident\. npm run resume -- --env dev --reason/);
    assert.match(text, /dev: rejected a{12} at .*: a check failed/);
    assert.match(text, /dev: was left rolling-back by a process that died/);
    assert.doesNotMatch(text, /staging/);
  });

  it('what can’t be read is unknown, says why, and ends 1', async () => {
    const { exitCode, text, cause } = await world({ prod: new Error('no credentials for 345678901234') })();
    assert.equal(exitCode, EXIT.failed);
    assert.match(text, /│ prod +│ unknown/);
    assert.match(text, /prod: no credentials for 345678901234/);
    assert.equal(cause?.code, 'STATE_UNKNOWN');
    assert.match(cause.message, /not known.*\nprod: no credentials for 345678901234\n.*npm run status$/);
  });

  it('--history tells every event, and which never took effect', async () => {
    const { text, document } = await world({ dev: ledgerAfter([...promoted(1), deploy(2)]) })(['dev'], true);
    assert.match(text, /deploy-started .*│ deploying .*a{12}/);
    assert.match(text, /validated +│ validated +│ a{12} │ ada │ 42 checks passed, 1 unknown/);
    assert.match(text, /deploy-finished \(never took effect\)/);
    const [{ records } = { records: [] }] = document['environments'] as { records: unknown[] }[];
    assert.equal(records.length, 5);
  });
});
