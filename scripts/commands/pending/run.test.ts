import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { loadEnvironments } from '../../../environments/load.ts';
import { EMPTY_LEDGER, type Ledger } from '../../core/ledger/ledger.ts';
import type { Release } from '../../core/release/release.ts';
import { release as aRelease, ledgerAfter, promoted } from '../../testing/ledger-samples.ts';
import { run } from './run.ts';

const prod = loadEnvironments({ variables: {} }).find(({ name }) => name === 'prod') as EnvironmentConfig;
/** A Monday in New York: before the market opens, and while it is open. */
const [BEFORE, DURING] = ['2026-11-23T10:00:00Z', '2026-11-23T16:00:00Z'];

function asRelease(number: number): Release {
  const { id, digest, commit, committedAt, dirty } = aRelease(number);
  const { account, region, stage } = prod;
  return {
    format: 1,
    id,
    commit,
    committedAt,
    dirty,
    createdAt: '2026-11-23T09:00:00Z',
    environments: { prod: { digest, account, region, stage, stacks: ['trading-vpc-prod'] } },
    toolchain: {},
    files: [],
  };
}

const ask = (ledger: Ledger, number: number, { at = BEFORE, overrideFreeze = null as string | null } = {}) =>
  run(
    { environments: [prod], release: asRelease(number), options: { retry: false, overrideFreeze }, local: false },
    { readLedger: async () => ledger, now: () => new Date(at) },
  );

describe('pending', () => {
  const second = ledgerAfter(promoted(2));

  it('is a release that never was there', async () => {
    const { exitCode, outputs } = await ask(EMPTY_LEDGER, 1);
    assert.deepEqual([exitCode, outputs], [0, { pending: 'true', superseded: '' }]);
  });

  it('is not what stands there, or is older', async () => {
    const same = await ask(second, 2);
    assert.deepEqual([same.exitCode, same.outputs], [0, { pending: 'false', superseded: '' }]);
    const older = await ask(second, 1);
    assert.deepEqual([older.exitCode, older.outputs], [0, { pending: 'false', superseded: 'true' }]);
  });

  it('ends 3 in a freeze, before anybody is asked, unless it is overridden', async () => {
    const frozen = await ask(second, 3, { at: DURING });
    assert.equal(frozen.exitCode, 3);
    assert.equal(frozen.cause?.code, 'FROZEN');
    assert.match(frozen.cause.message, /^prod is frozen .*--override-freeze/);
    assert.deepEqual(frozen.outputs, { pending: 'false', superseded: '' });
    const overridden = await ask(second, 3, { at: DURING, overrideFreeze: 'INC-42' });
    assert.deepEqual([overridden.exitCode, overridden.outputs], [0, { pending: 'true', superseded: '' }]);
    assert.match(overridden.text, /INC-42/);
  });

  it('is asked of one environment at a time', async () => {
    const input = { release: asRelease(1), options: { retry: false, overrideFreeze: null }, local: false };
    const deps = { readLedger: async () => EMPTY_LEDGER, now: () => new Date(BEFORE) };
    for (const environments of [[], [prod, prod]]) {
      await assert.rejects(run({ ...input, environments }, deps), /one environment/);
    }
  });
});
