/**
 * Whatever processes do side by side, wherever they are killed and however long they are delayed: no ledger says validated
 * without passed checks, no two hold the lock, no history is lost, and what was left can always be taken up again.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { notPassed, passed, release } from '../../testing/ledger-samples.ts';
import { Process, type Steps, Stopped, World } from '../../testing/ledger-world.ts';
import { decidePromotion } from '../promotion/decide-promotion.ts';
import { automaticTarget, decideRollback } from '../promotion/decide-rollback.ts';
import type { ValidatedRelease } from './release-ref.ts';

interface Outcome {
  readonly deploys: boolean;
  /** `claimed`: a broken caller says validated although the checks did not pass. */
  readonly checks: 'pass' | 'fail' | 'claimed';
  readonly rollbackPasses: boolean;
}

const promote = (number: number, outcome: Outcome, retry = false) =>
  function* (process: Process): Steps {
    const { world } = process;
    const options = { retry, overrideFreeze: null, local: true, enforceFreeze: false };
    yield* process.acquire();
    const decision = decidePromotion(
      {
        environment: { name: 'dev', stage: 'development' },
        ledger: world.ledger(),
        release: release(number),
        predecessor: null,
        freeze: { frozen: false },
      },
      options,
    );
    if (decision.kind === 'finish-rollback') {
      yield* rollBack(process, decision.target, 'automatic', outcome);
    } else if (decision.kind === 'proceed') {
      yield* process.record({
        ...process.stamp(),
        type: 'deploy-started',
        release: release(number),
        purpose: 'promotion',
        retry,
        freezeOverride: null,
      });
      yield* process.renew();
      yield* attempt(process, number, outcome);
    }
    yield* process.release();
  };

function* attempt(process: Process, number: number, outcome: Outcome): Steps {
  if (outcome.deploys) {
    yield* process.record({ ...process.stamp(), type: 'deploy-finished' });
    if (outcome.checks === 'pass') process.world.passed.add(`${process.generation} ${release(number).id}`);
    if (outcome.checks !== 'fail') {
      const verdict = outcome.checks === 'pass' ? passed : notPassed;
      yield* process.record({ ...process.stamp(), type: 'validated', verdict });
      return;
    }
  }
  yield;
  const target = automaticTarget(process.world.ledger());
  if (target === null) yield* process.record({ ...process.stamp(), type: 'failed', reason: 'r', details: [] });
  else yield* rollBack(process, target, 'automatic', outcome);
}

function* rollBack(
  process: Process,
  target: ValidatedRelease,
  trigger: 'automatic' | 'manual',
  outcome: Outcome,
): Steps {
  yield* process.record({
    ...process.stamp(),
    type: 'rollback-started',
    target,
    trigger,
    rejects: trigger === 'automatic',
    reason: 'r',
    details: [],
  });
  yield* process.renew();
  if (outcome.rollbackPasses) {
    process.world.passed.add(`${process.generation} ${target.release.id}`);
    yield* process.record({ ...process.stamp(), type: 'rolled-back', verdict: passed });
  } else {
    yield* process.record({ ...process.stamp(), type: 'rollback-failed', reason: 'r', details: [] });
  }
}

const rollbackByHand = (outcome: Outcome) =>
  function* (process: Process): Steps {
    if (process.world.ledger().hold.hold === null) yield* hold('held')(process);
    yield* process.acquire();
    const decision = decideRollback({ environment: 'dev', ledger: process.world.ledger(), requested: null });
    if (decision.kind === 'roll-back') yield* rollBack(process, decision.target, 'manual', outcome);
    yield* process.release();
  };

const hold = (type: 'held' | 'resumed') =>
  function* (process: Process): Steps {
    const { at, by } = process.stamp();
    yield* process.record({ type, at, by, reason: 'r' });
  };

function* destroy(process: Process): Steps {
  yield* process.acquire();
  yield* process.record({ ...process.stamp(), type: 'destroy-started', reason: 'r' });
  yield* process.record({ ...process.stamp(), type: 'destroyed' });
  yield* process.release();
}

const SLOTS = 3;
const slot = fc.nat(SLOTS - 1);
const outcome: fc.Arbitrary<Outcome> = fc.record({
  deploys: fc.boolean(),
  checks: fc.constantFrom('pass', 'pass', 'fail', 'claimed'),
  rollbackPasses: fc.boolean(),
});
const program = fc.oneof(
  {
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 5 }), outcome, fc.boolean()).map((drawn) => promote(...drawn)),
    weight: 6,
  },
  { arbitrary: outcome.map(rollbackByHand), weight: 2 },
  { arbitrary: fc.constantFrom(hold('held'), hold('resumed'), destroy), weight: 2 },
);
const action = fc.oneof(
  {
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      slot,
      program,
      skew: fc.integer({ min: -300_000, max: 300_000 }),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ do: fc.constant('run' as const), slot, steps: fc.integer({ min: 1, max: 60 }) }),
    weight: 6,
  },
  { arbitrary: fc.record({ do: fc.constant('kill' as const), slot }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 90 }) }), weight: 2 },
);

describe('ledger and lock under crashes', () => {
  it('keep their promises in every order of steps', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 60, size: 'max' }), (actions) => {
        const world = new World();
        const slots: (Process | undefined)[] = [];
        let started = 0;
        for (const drawn of actions) {
          if (drawn.do === 'wait') world.now += drawn.seconds * 1_000;
          else if (drawn.do === 'kill') slots[drawn.slot]?.kill();
          else if (drawn.do === 'start') {
            // A process whose place is taken is killed, or there would be ever more of them.
            slots[drawn.slot]?.kill();
            started += 1;
            slots[drawn.slot] = new Process(world, `process ${started}`, drawn.skew, drawn.program);
          } else {
            for (let step = 0; step < drawn.steps; step += 1) {
              slots[drawn.slot]?.step();
              world.now += 7;
              world.assertOneHolder();
            }
          }
          reached.add(world.ledger().current.state);
        }
        takeUp(world);
      }),
      { numRuns: 1_500, includeErrorInReport: true },
    );
    const states = [...reached].sort();
    assert.equal(states.length, 9, `only ${states.join(', ')} were reached: the property says little`);
  });

  /** After every process is dead and its lease ran out, a person can bring the environment to a validated release. */
  function takeUp(world: World): void {
    for (const process of world.processes) process.kill();
    world.now += 61_000;
    const finish = (name: string, steps: (process: Process) => Steps): void => {
      const process = new Process(world, name, 0, steps);
      while (process.alive) process.step();
    };
    if (world.ledger().hold.hold !== null) finish('resume', hold('resumed'));
    if (world.ledger().current.state === 'destroying') finish('destroy', destroy);
    finish('promote', promote(9, { deploys: true, checks: 'pass', rollbackPasses: true }));
    const { current } = world.ledger();
    assert.equal(current.state, 'validated');
    assert.ok(current.state === 'validated' && current.release.id === release(9).id);
  }

  it('would notice a lock without deadlines: the model can fail', () => {
    const world = new World();
    const sleeper = new Process(
      world,
      'sleeper',
      0,
      promote(1, { deploys: true, checks: 'pass', rollbackPasses: true }),
    );
    while (sleeper.generation === 0) sleeper.step();
    sleeper.holds = () => sleeper.alive;
    world.now += 61_000;
    const taker = new Process(world, 'taker', 0, promote(2, { deploys: true, checks: 'pass', rollbackPasses: true }));
    while (taker.generation === 0) taker.step();
    assert.throws(() => world.assertOneHolder(), /2 processes hold the lock/);
    assert.throws(() => {
      throw new Stopped('x');
    }, Stopped);
  });
});
