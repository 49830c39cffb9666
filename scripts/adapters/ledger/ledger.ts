/**
 * The ledger of an environment in Parameter Store: reads it, and records events. The order of writing is what makes a crash
 * harmless: the event's history record first, `current` last.
 */
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../core/clock.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { decodeLedger, encodePart, LedgerCorruptError } from '../../core/ledger/codec.ts';
import { eventSchema, type HoldEvent, type LedgerEvent, type ReleaseEventInput } from '../../core/ledger/event.ts';
import { type Ledger, PART_NAMES, type PartName } from '../../core/ledger/ledger.ts';
import type { Refusal, RefusalCode } from '../../core/ledger/refusal.ts';
import { transition } from '../../core/ledger/transition.ts';
import type { History } from '../release-store/history.ts';
import type { Lock } from './held-lock.ts';
import { getParameters, ledgerParameter, putParameter } from './parameters.ts';

/** The three parts are not read in one moment: what looks wrong while someone writes is right a moment later. */
const READ_ATTEMPTS = 4;
const READ_PAUSE_MS = 250;

/** Thrown when an event may not follow from where the ledger stands. Exit 1, or 3 where someone else is in the way. */
export class LedgerRefusedError extends GitOpsError {
  readonly refusal: Refusal;

  constructor(environment: string, event: LedgerEvent['type'], refusal: Refusal) {
    super(`${environment}: ${refusal.message}.`, {
      code: `LEDGER_${refusal.code}`,
      source: BY_OTHERS.includes(refusal.code) ? 'user' : 'internal',
      exitCode: BY_OTHERS.includes(refusal.code) ? EXIT.guarded : EXIT.failed,
      cause: event,
    });
    this.refusal = refusal;
  }
}
const BY_OTHERS: readonly RefusalCode[] = ['FENCED', 'IN_PROGRESS', 'REJECTED_RELEASE', 'ALREADY_HELD', 'NOT_HELD'];

export interface LedgerDependencies {
  readonly ssm: SSMClient;
  readonly history: History;
  readonly clock: Clock;
}

export interface EnvironmentLedger {
  readonly environment: string;
  /** @throws LedgerCorruptError */
  read(): Promise<Ledger>;
  /**
   * Records what happened, under the lock, and returns where the ledger stands then. When it returned, it is written; when it
   * threw, the ledger is as it was, or as it was meant to become (an answer was lost): `read` tells.
   * @throws LockLostError, LedgerRefusedError, LedgerCorruptError
   */
  record(lock: Lock, event: ReleaseEventInput): Promise<Ledger>;
  /** `held` and `resumed` need no lock. @throws LedgerRefusedError, LedgerCorruptError */
  recordHold(event: HoldEvent): Promise<Ledger>;
}

export function openLedger(deps: LedgerDependencies, environment: string): EnvironmentLedger {
  /** What this process wrote last: a read that answers less is stale. */
  let known = 0;

  const read = async (): Promise<Ledger> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const ledger = await readOnce(deps.ssm, environment);
        if (ledger.current.sequence >= known || attempt === READ_ATTEMPTS) return ledger;
      } catch (error) {
        if (!(error instanceof LedgerCorruptError) || attempt === READ_ATTEMPTS) throw error;
      }
      await deps.clock.sleep(READ_PAUSE_MS * (0.5 + deps.clock.random()));
    }
  };

  const record = async (input: LedgerEvent, lock?: Lock): Promise<Ledger> => {
    const event = eventSchema.parse(input);
    await lock?.assertHeld();
    const result = transition(await read(), event);
    if (!result.ok) throw new LedgerRefusedError(environment, event.type, result.refusal);
    await deps.history.append(result.record);
    for (const part of result.writes) {
      await lock?.assertHeld();
      const parameter = [ledgerParameter(environment, part), encodePart(part, result.ledger[part])] as const;
      try {
        await putParameter(deps.ssm, deps.clock, parameter, { overwrite: true, signal: lock?.signal });
      } catch (error) {
        // A write that the lease's end cut short: the loss is the reason to tell.
        lock?.signal.throwIfAborted();
        throw error;
      }
    }
    known = result.ledger.current.sequence;
    return result.ledger;
  };

  return {
    environment,
    read,
    record: (lock, event) => record({ ...event, generation: lock.generation } as LedgerEvent, lock),
    recordHold: (event) => record(event),
  };
}

async function readOnce(ssm: SSMClient, environment: string): Promise<Ledger> {
  const names = PART_NAMES.map((part) => ledgerParameter(environment, part));
  const values = await getParameters(ssm, names);
  const stored = PART_NAMES.map((part) => {
    const parameter = ledgerParameter(environment, part);
    return [part, { parameter, value: values.get(parameter) }] as const;
  });
  return decodeLedger(Object.fromEntries(stored) as Record<PartName, { parameter: string; value: string | undefined }>);
}
