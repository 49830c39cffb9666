import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  at,
  deploy,
  deployed,
  ledgerAfter,
  passed,
  promoted,
  release,
  rollback,
  type Step,
} from '../../testing/ledger-samples.ts';
import { EXIT } from '../errors.ts';
import type { FreezeStatus } from '../freeze/freeze.ts';
import { EMPTY_LEDGER, type Ledger } from '../ledger/ledger.ts';
import { decidePromotion, type PromotionFacts, type PromotionOptions } from './decide-promotion.ts';

const free: FreezeStatus = { frozen: false };
const frozen: FreezeStatus = {
  frozen: true,
  window: { date: '2026-11-23', from: '09:30', to: '16:00', timeZone: 'America/New_York' },
  endsAt: new Date('2026-11-23T21:00:00Z'),
};
const plain: PromotionOptions = { retry: false, overrideFreeze: null, local: false, enforceFreeze: false };
const one = ledgerAfter(promoted(1));
const two = ledgerAfter(promoted(2), one);
const held = (ledger: Ledger): Ledger => ({
  ...ledger,
  hold: { ...ledger.hold, hold: { by: 'grace', since: at(5), reason: 'incident 7' } },
});
const rolling = ledgerAfter([deploy(2), deployed, rollback(one, 1)], one);
const rolledBack = ledgerAfter([{ type: 'rolled-back', verdict: passed }], rolling);
const rollbackFailed = ledgerAfter([{ type: 'rollback-failed', reason: 'no', details: [] }], rolling);
const destroying = ledgerAfter([{ type: 'destroy-started', reason: 'over' }], one);
const failed = ledgerAfter([deploy(3), { type: 'failed', reason: 'no', details: [] }], one);
const bare = ledgerAfter([{ ...deploy(3), purpose: 'deploy' } as Step, deployed], one);

/** Release 2 to a production stage behind one that validated it, unless said otherwise. */
function decide(facts: Partial<PromotionFacts>, options: Partial<PromotionOptions> = {}) {
  return decidePromotion(
    {
      environment: { name: 'prod', stage: 'production' },
      ledger: one,
      release: release(2),
      predecessor: { name: 'staging', ledger: two },
      freeze: free,
      ...facts,
    },
    { ...plain, ...options },
  );
}
const outcome = (decision: ReturnType<typeof decide>): string =>
  decision.kind === 'refuse' ? `refuse ${decision.code} ${decision.exitCode}` : decision.kind;

const table: [string, Partial<PromotionFacts>, Partial<PromotionOptions>, string][] = [
  ['never deployed', { ledger: EMPTY_LEDGER }, {}, 'proceed'],
  ['an older release stands', {}, {}, 'proceed'],
  ['this release stands', { ledger: two }, {}, 'nothing-to-do'],
  ['this release stands, rolled back to', { ledger: rolledBack, release: release(1) }, {}, 'nothing-to-do'],
  ['this release stands, whatever else holds it up', { ledger: held(two), freeze: frozen }, {}, 'nothing-to-do'],
  ['this release was deployed, not validated', { ledger: bare, release: release(3), predecessor: null }, {}, 'proceed'],
  ['a newer one stands', { ledger: ledgerAfter(promoted(3), one) }, {}, 'superseded'],
  ['a newer one is on its way', { ledger: ledgerAfter([deploy(3)], one) }, {}, 'superseded'],
  ['a newer one was deployed by hand', { ledger: bare }, {}, 'superseded'],
  [
    'a newer one stands before',
    { predecessor: { name: 'staging', ledger: ledgerAfter(promoted(3), two) } },
    {},
    'superseded',
  ],
  [
    'a newer one is just deployed before',
    { predecessor: { name: 'staging', ledger: ledgerAfter([deploy(3)], two) } },
    {},
    'proceed',
  ],
  ['a newer one failed here', { ledger: failed }, {}, 'proceed'],
  ['a newer one stands, retry', { ledger: ledgerAfter(promoted(3), one) }, { retry: true }, 'proceed'],
  [
    'nothing is known of its time',
    { ledger: ledgerAfter(promoted(3), one), release: release(2, { committedAt: null }) },
    {},
    'proceed',
  ],
  ['dirty', { release: release(2, { dirty: true }) }, {}, `refuse DIRTY ${EXIT.usage}`],
  ['dirty, local', { release: release(2, { dirty: true }) }, { local: true }, 'proceed'],
  [
    'dirty, no production',
    { release: release(2, { dirty: true }), environment: { name: 's', stage: 'staging' } },
    {},
    'proceed',
  ],
  ['held', { ledger: held(one) }, {}, `refuse HELD ${EXIT.guarded}`],
  ['held, local', { ledger: held(one) }, { local: true }, `refuse HELD ${EXIT.guarded}`],
  ['held in the midst of a rollback', { ledger: held(rolling) }, {}, `refuse HELD ${EXIT.guarded}`],
  [
    'the one before was never deployed',
    { predecessor: { name: 'staging', ledger: EMPTY_LEDGER } },
    {},
    `refuse PREDECESSOR ${EXIT.failed}`,
  ],
  [
    'the one before has an older one',
    { predecessor: { name: 'staging', ledger: one } },
    {},
    `refuse PREDECESSOR ${EXIT.failed}`,
  ],
  [
    'the one before is validating it',
    { predecessor: { name: 's', ledger: ledgerAfter([deploy(2), deployed], one) } },
    {},
    `refuse PREDECESSOR ${EXIT.failed}`,
  ],
  [
    'the one before rolled it back',
    { predecessor: { name: 's', ledger: rolledBack } },
    {},
    `refuse PREDECESSOR ${EXIT.failed}`,
  ],
  ['the first wave', { predecessor: null }, {}, 'proceed'],
  ['rejected', { ledger: rolledBack }, {}, `refuse REJECTED ${EXIT.failed}`],
  ['rejected, retry', { ledger: rolledBack }, { retry: true }, 'proceed'],
  ['rejected, its rollback left by a dead process', { ledger: rolling }, {}, 'finish-rollback'],
  ['another while a rollback was left', { ledger: rolling, release: release(4), predecessor: null }, {}, 'proceed'],
  [
    'another after a failed rollback',
    { ledger: rollbackFailed, release: release(4), predecessor: null },
    {},
    'proceed',
  ],
  ['left deploying', { ledger: ledgerAfter([deploy(2)], one) }, {}, 'proceed'],
  ['left validating', { ledger: ledgerAfter([deploy(2), deployed], one) }, {}, 'proceed'],
  ['left destroying', { ledger: destroying }, {}, `refuse DESTROYING ${EXIT.failed}`],
  ['destroyed', { ledger: ledgerAfter([{ type: 'destroyed' }], destroying) }, {}, 'proceed'],
  ['frozen', { freeze: frozen }, {}, `refuse FROZEN ${EXIT.guarded}`],
  ['frozen, overridden', { freeze: frozen }, { overrideFreeze: 'hotfix' }, 'proceed'],
  ['frozen, local', { freeze: frozen }, { local: true }, 'proceed'],
  [
    'frozen, local, enforced',
    { freeze: frozen },
    { local: true, enforceFreeze: true },
    `refuse FROZEN ${EXIT.guarded}`,
  ],
  ['frozen, yet a rollback to finish', { ledger: rolling, freeze: frozen }, {}, 'finish-rollback'],
];

describe('decidePromotion', () => {
  for (const [name, facts, options, expected] of table) {
    it(`${name}: ${expected}`, () => assert.equal(outcome(decide(facts, options)), expected));
  }

  it('says who holds it, why, and how it goes on', () => {
    const decision = decide({ ledger: held(rolling) });
    assert.equal(
      decision.kind === 'refuse' && decision.message,
      `prod is held by grace since ${at(5)}: incident 7. Its rollback did not finish; if nobody is at it, run it again: ` +
        'npm run rollback -- --env prod --reason "…". It goes on after: npm run resume -- --env prod --reason "…"',
    );
  });

  it('says when the freeze ends', () => {
    const decision = decide({ freeze: frozen });
    assert.match(decision.kind === 'refuse' ? decision.message : '', /until 2026-11-23T21:00:00\.000Z/);
  });

  it('hands on the reason of an override, and only where there is something to override', () => {
    const overridden = decide({ freeze: frozen }, { overrideFreeze: 'hotfix' });
    assert.ok(overridden.kind === 'proceed');
    assert.equal(overridden.freezeOverride, 'hotfix');
    assert.match(overridden.notes[0] ?? '', /overridden: hotfix/);
    const needless = decide({}, { overrideFreeze: 'hotfix' });
    assert.ok(needless.kind === 'proceed');
    assert.equal(needless.freezeOverride, null);
  });

  it('notes what a dead process left, and a freeze that is not enforced', () => {
    const decision = decide({ ledger: ledgerAfter([deploy(2)], one), freeze: frozen }, { local: true });
    assert.ok(decision.kind === 'proceed');
    assert.match(decision.notes.join('\n'), /prod was left deploying by ada.*starting anew/);
    assert.match(decision.notes.join('\n'), /not enforced with --local/);
  });
});
