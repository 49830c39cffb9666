/**
 * A world for property tests of ledger and lock: Parameter Store and release store in memory, a service clock, and
 * processes that run one step at a time, so that a test may stop, kill or delay them between any two calls. The decisions are
 * the product's own; what is modelled is only what surrounds them.
 *
 * It watches three promises whenever something is written: see `assert…`.
 */
import assert from 'node:assert/strict';
import { decodeLedger, encodePart } from '../core/ledger/codec.ts';
import type { LedgerEvent } from '../core/ledger/event.ts';
import { type HistoryRecord, historyKey, markApplied } from '../core/ledger/history.ts';
import { type Ledger, PART_NAMES, type PartName, standingRelease } from '../core/ledger/ledger.ts';
import { transition } from '../core/ledger/transition.ts';
import { deadlineOf, decideAcquisition, isStillHeld, type Lease, outdated } from '../core/lock/lease.ts';

export const TTL_SECONDS = 60;

/** Ends a process from inside: it found that it may not go on. */
export class Stopped extends Error {}

export class World {
  /** The service's clock, milliseconds. */
  now = Date.parse('2026-11-23T12:00:00.000Z');
  readonly parts = new Map<PartName, string>();
  readonly leases = new Map<number, Lease>();
  readonly history = new Map<string, string>();
  readonly processes: Process[] = [];
  /** `generation release`: checks that truly passed. */
  readonly passed = new Set<string>();
  #written: { readonly sequence: number; readonly to: string }[] = [];

  /** @throws LedgerCorruptError: no crash may make the ledger unreadable. */
  ledger(): Ledger {
    const stored = PART_NAMES.map((name) => [name, { parameter: name, value: this.parts.get(name) }] as const);
    return decodeLedger(Object.fromEntries(stored) as Parameters<typeof decodeLedger>[0]);
  }

  records(): HistoryRecord[] {
    return [...this.history].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => JSON.parse(text) as HistoryRecord);
  }

  append(record: HistoryRecord): void {
    const key = historyKey(record);
    const text = JSON.stringify(record);
    if (this.history.has(key) && this.history.get(key) !== text) throw new Stopped('history conflict');
    this.history.set(key, text);
  }

  write(part: PartName, ledger: Ledger): void {
    if (part === 'current') this.#assertNothingLost(ledger);
    this.parts.set(part, encodePart(part, ledger[part]));
    this.#assertValidatedMeansPassed(this.ledger());
  }

  /** Every ledger follows the one before it, and the history has the event that led to it, and tells it from those that did not. */
  #assertNothingLost({ current }: Ledger): void {
    assert.equal(current.sequence, this.#written.length + 1, 'an update was lost or made twice');
    this.#written.push({ sequence: current.sequence, to: current.state });
    const told = markApplied(this.records(), { current: current.sequence, hold: 0 }).filter(({ applied }) => applied);
    const order = told.sort((a, b) => a.sequence - b.sequence).map(({ sequence, to }) => ({ sequence, to }));
    assert.deepEqual(order, this.#written, 'the history does not tell how the ledger came to be');
  }

  #assertValidatedMeansPassed({ current }: Ledger): void {
    const standing = standingRelease(current);
    if (standing !== null)
      assert.ok(this.passed.has(`${current.generation} ${standing.id}`), 'validated without passed checks');
  }

  assertOneHolder(): void {
    const holders = this.processes.filter((process) => process.holds());
    assert.ok(holders.length <= 1, `${holders.length} processes hold the lock`);
  }
}

/** One step: everything up to the next call to a service. */
export type Steps = Generator<void, void, void>;

export class Process {
  readonly name: string;
  readonly world: World;
  readonly #steps: Steps;
  /** This machine's clock differs from the service's by so much. */
  readonly #skew: number;
  #lease: { readonly generation: number; readonly token: string } | undefined;
  #deadline = 0;
  alive = true;

  constructor(world: World, name: string, skew: number, program: (process: Process) => Steps) {
    this.world = world;
    this.name = name;
    this.#skew = skew;
    this.#steps = program(this);
    world.processes.push(this);
  }

  /** Runs to just before the next call. A process that stops by itself releases its lock; a killed one does not. */
  step(): void {
    if (!this.alive) return;
    try {
      if (this.#steps.next().done) this.alive = false;
    } catch (error) {
      this.alive = false;
      if (!(error instanceof Stopped)) throw error;
      this.#release();
    }
  }

  kill(): void {
    this.alive = false;
  }

  holds(): boolean {
    return this.alive && this.#lease !== undefined && this.world.now < this.#deadline;
  }

  get generation(): number {
    return this.#lease?.generation ?? 0;
  }

  stamp(): { at: string; by: string; generation: number } {
    return { at: new Date(this.world.now + this.#skew).toISOString(), by: this.name, generation: this.generation };
  }

  *acquire(): Steps {
    yield;
    const floor = this.world.ledger().current.generation;
    yield;
    const leases = [...this.world.leases.values()];
    const decision = decideAcquisition(leases, new Date(this.world.now), floor);
    if (decision.kind === 'wait') throw new Stopped('locked');
    const requestedAt = this.world.now;
    yield;
    const { generation } = decision;
    if (this.world.leases.has(generation)) throw new Stopped('another was faster');
    this.#store(generation, false);
    this.#lease = { generation, token: this.name };
    this.#deadline = deadlineOf(requestedAt, TTL_SECONDS);
    yield;
    for (const old of outdated(leases, generation)) this.world.leases.delete(old);
  }

  *renew(): Steps {
    yield;
    this.#assertHeld();
    const requestedAt = this.world.now;
    yield;
    if (!this.holds()) throw new Stopped('lease ran out');
    this.#store(this.generation, false);
    this.#deadline = deadlineOf(requestedAt, TTL_SECONDS);
  }

  *release(): Steps {
    yield;
    this.#release();
  }

  *record(event: LedgerEvent): Steps {
    const needsLock = event.type !== 'held' && event.type !== 'resumed';
    yield;
    if (needsLock) this.#assertHeld();
    yield;
    const result = transition(this.world.ledger(), event);
    if (!result.ok) throw new Stopped(result.refusal.message);
    yield;
    this.world.append(result.record);
    for (const part of result.writes) {
      yield;
      if (needsLock) this.#assertHeld();
      yield;
      // The lock's signal cuts a write off at the deadline.
      if (needsLock && !this.holds()) throw new Stopped('lease ran out');
      this.world.write(part, result.ledger);
    }
  }

  #assertHeld(): void {
    const mine = this.#lease;
    if (mine === undefined || !this.holds() || !isStillHeld([...this.world.leases.values()], mine))
      throw new Stopped('lock lost');
  }

  #store(generation: number, released: boolean): void {
    const storedAt = new Date(this.world.now);
    const since = storedAt.toISOString();
    const value = {
      schema: 1,
      token: this.name,
      by: this.name,
      doing: '',
      since,
      ttlSeconds: TTL_SECONDS,
      released,
    } as const;
    this.world.leases.set(generation, { ...value, generation, storedAt });
  }

  #release(): void {
    if (this.#lease !== undefined && isStillHeld([...this.world.leases.values()], this.#lease)) {
      this.#store(this.#lease.generation, true);
    }
    this.#lease = undefined;
  }
}
