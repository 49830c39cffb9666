/**
 * Leases in Parameter Store: one parameter per generation below the environment's lock path.
 */
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../core/clock.ts';
import { decodeLease, type Lease, type LeaseValue, type LockView, viewLock } from '../../core/lock/lease.ts';
import { deleteParameter, listParameters, lockPath, type PutOptions, putParameter } from './parameters.ts';

const leaseParameter = (environment: string, generation: number): string => `${lockPath(environment)}/${generation}`;

/** Every lease there is, and the service's clock. @throws LockCorruptError */
export async function readLeases(
  ssm: SSMClient,
  environment: string,
  signal?: AbortSignal,
): Promise<{ readonly leases: Lease[]; readonly now: Date }> {
  const { parameters, now } = await listParameters(ssm, lockPath(environment), signal);
  const leases = parameters.map(({ Name = '', Value = '', LastModifiedDate }) =>
    decodeLease({ parameter: Name, value: Value, storedAt: LastModifiedDate ?? now }),
  );
  return { leases, now };
}

/** The lock as anyone may look at it. @throws LockCorruptError */
export async function readLock(ssm: SSMClient, environment: string): Promise<LockView> {
  const { leases, now } = await readLeases(ssm, environment);
  return viewLock(leases, now);
}

export interface LeaseKey {
  readonly environment: string;
  readonly generation: number;
}

/** @throws ParameterAlreadyExists when making (`overwrite: false`) a generation that there is. */
export function writeLease(
  { ssm, clock }: { readonly ssm: SSMClient; readonly clock: Clock },
  { environment, generation }: LeaseKey,
  value: LeaseValue,
  options: PutOptions,
): Promise<void> {
  return putParameter(ssm, clock, [leaseParameter(environment, generation), JSON.stringify(value)], options);
}

export async function deleteLeases(ssm: SSMClient, environment: string, generations: readonly number[]): Promise<void> {
  for (const generation of generations) await deleteParameter(ssm, leaseParameter(environment, generation));
}
