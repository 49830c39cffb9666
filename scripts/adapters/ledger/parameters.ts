/**
 * Parameter Store as the ledger and the lock use it: the names, patience with TooManyUpdates, and the service's own clock.
 */
import {
  DeleteParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  type Parameter,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
  TooManyUpdates,
} from '@aws-sdk/client-ssm';
import { releaseParameterPrefix } from '../../../environments/naming.ts';
import type { Clock } from '../../core/clock.ts';
import type { PartName } from '../../core/ledger/ledger.ts';

/** `/trading-platform/dev/release/current` */
export const ledgerParameter = (environment: string, part: PartName): string =>
  `${releaseParameterPrefix(environment)}/${part}`;

/** `/trading-platform/dev/release/lock`; a lease is one parameter below it, named by its generation. */
export const lockPath = (environment: string): string => `${releaseParameterPrefix(environment)}/lock`;

/** About 13 seconds in all: TooManyUpdates means that another write to this parameter is just going on. */
const UPDATE_ATTEMPTS = 7;
const FIRST_PAUSE_MS = 200;

export interface PutOptions {
  /** False: only where there is none yet. That is what makes a lock. */
  readonly overwrite: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Writes a parameter. The SDK retries throttling and broken connections, but not TooManyUpdates.
 * @throws ParameterAlreadyExists without `overwrite`; also where our own first try did arrive and its answer was lost.
 */
export async function putParameter(
  ssm: SSMClient,
  { sleep, random }: Clock,
  [name, value]: readonly [string, string],
  { overwrite, signal }: PutOptions,
): Promise<void> {
  const command = { Name: name, Value: value, Type: 'String', Tier: 'Standard', Overwrite: overwrite } as const;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ssm.send(new PutParameterCommand(command), { abortSignal: signal });
      return;
    } catch (error) {
      if (!(error instanceof TooManyUpdates) || attempt === UPDATE_ATTEMPTS) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + random() / 2), signal);
    }
  }
}

/** The values of up to ten parameters; undefined for one that is not there. */
export async function getParameters(
  ssm: SSMClient,
  names: readonly string[],
): Promise<Map<string, string | undefined>> {
  const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: [...names] }));
  const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value]));
  return new Map(names.map((name) => [name, values.get(name)]));
}

export interface Listing {
  readonly parameters: readonly Parameter[];
  /** The service's clock when it answered, by whole seconds cut off: never ahead of it. */
  readonly now: Date;
}

/** Every parameter right below a path, over all pages. */
export async function listParameters(ssm: SSMClient, path: string, signal?: AbortSignal): Promise<Listing> {
  const parameters: Parameter[] = [];
  // The first page's time, the earliest: leases look younger by it, never older.
  let now: Date | undefined;
  let next: string | undefined;
  do {
    const command = new GetParametersByPathCommand({ Path: path, NextToken: next });
    command.middlewareStack.add(
      (handler) => async (args) => {
        const result = await handler(args);
        now ??= answeredAt(result.response);
        return result;
      },
      { step: 'deserialize', name: 'serviceClock', priority: 'low' },
    );
    const page = await ssm.send(command, { abortSignal: signal });
    parameters.push(...(page.Parameters ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  // Every AWS endpoint sends Date (RFC 9110, 6.6.1); without it this machine's clock has to do.
  return { parameters, now: now ?? new Date() };
}

/** Deletes a parameter; one that is gone already is fine. */
export async function deleteParameter(ssm: SSMClient, name: string): Promise<void> {
  try {
    await ssm.send(new DeleteParameterCommand({ Name: name }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}

function answeredAt(response: unknown): Date | undefined {
  const headers = (response as { headers?: Readonly<Record<string, string>> } | undefined)?.headers;
  const time = Date.parse(headers?.['date'] ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}
