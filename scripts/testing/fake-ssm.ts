/**
 * Parameter Store over real HTTP, for what neither AWS nor the emulator does on demand: throttling, TooManyUpdates, answers that
 * get lost, a clock of its own. The rules it keeps are those the ledger and the lock lean on; each has a test.
 *
 * Protocol: AWS JSON 1.1, https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type DeleteParameterRequest,
  type GetParameterRequest,
  type GetParametersByPathRequest,
  type GetParametersRequest,
  type PutParameterRequest,
  SSMClient,
} from '@aws-sdk/client-ssm';

const LIMITS = { valueBytes: 4_096, names: 10, page: 10, versions: 100 };

/** `lost-request`: never applied. `lost-answer`: applied, then the connection ends. The others are answers. */
export type FaultKind =
  | 'lost-request'
  | 'lost-answer'
  | 'hang'
  | 'ThrottlingException'
  | 'TooManyUpdates'
  | 'InternalServerError';

export interface Fault {
  readonly operation: string;
  readonly kind: FaultKind;
  /** How many calls it meets; 1 if left out. */
  times?: number;
  /** Calls to let through first. */
  after?: number;
}

interface StoredParameter {
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
}

export interface FakeSsm extends AsyncDisposable {
  readonly endpoint: string;
  /** A client aimed at it; `maxAttempts` 3 as the SDK's default. */
  client(options?: { readonly maxAttempts?: number }): SSMClient;
  fail(fault: Fault): void;
  clearFaults(): void;
  /** Every call that arrived, faults included: `PutParameter /a/b`. */
  readonly calls: readonly string[];
  value(name: string): string | undefined;
  /** Versions kept of a parameter, the newest last. */
  versions(name: string): readonly number[];
  names(): string[];
  put(name: string, value: string): void;
  remove(name: string): void;
  close(): Promise<void>;
}

class ServiceError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** @param now the service's clock, in milliseconds. */
export async function startFakeSsm(now: () => number = Date.now): Promise<FakeSsm> {
  const parameters = new Map<string, StoredParameter[]>();
  const faults: Fault[] = [];
  const calls: string[] = [];
  const clients: SSMClient[] = [];
  const newest = (name: string): StoredParameter | undefined => parameters.get(name)?.at(-1);

  const put = (name: string, value: string): number => {
    const kept = parameters.get(name) ?? [];
    const version = (kept.at(-1)?.version ?? 0) + 1;
    parameters.set(name, [...kept, { value, version, modifiedAt: now() }].slice(-LIMITS.versions));
    return version;
  };
  const render = (name: string) => {
    const stored = newest(name);
    return stored === undefined
      ? []
      : [
          {
            Name: name,
            Type: 'String',
            Value: stored.value,
            Version: stored.version,
            LastModifiedDate: stored.modifiedAt / 1_000,
          },
        ];
  };
  const atMost = (names: readonly string[] | undefined): string[] => {
    if (names === undefined || names.length === 0 || names.length > LIMITS.names) {
      throw new ServiceError('ValidationException', `Names must have 1 to ${LIMITS.names} members`);
    }
    return [...names];
  };

  const operations: Record<string, (input: never) => object> = {
    PutParameter({ Name = '', Value = '', Overwrite, Type, Tier }: PutParameterRequest) {
      if (!Name.startsWith('/'))
        throw new ServiceError('ValidationException', 'Parameter name must be a fully qualified name');
      if (Buffer.byteLength(Value) > LIMITS.valueBytes && Tier !== 'Advanced') {
        throw new ServiceError(
          'ValidationException',
          'Standard tier parameters support a maximum parameter value of 4096 characters.',
        );
      }
      if (Value.includes('{{'))
        throw new ServiceError('ValidationException', "Parameter value can't nest another parameter");
      if (Value === '')
        throw new ServiceError('ValidationException', 'Value must have length greater than or equal to 1');
      if (newest(Name) !== undefined && Overwrite !== true) {
        throw new ServiceError('ParameterAlreadyExists', 'The parameter already exists.');
      }
      if (newest(Name) === undefined && Type === undefined)
        throw new ServiceError('ValidationException', 'A parameter type is required');
      return { Version: put(Name, Value), Tier: 'Standard' };
    },
    GetParameter({ Name = '' }: GetParameterRequest) {
      const [Parameter] = render(Name);
      if (Parameter === undefined) throw new ServiceError('ParameterNotFound', '');
      return { Parameter };
    },
    GetParameters({ Names }: GetParametersRequest) {
      const names = atMost(Names);
      return {
        Parameters: names.flatMap(render),
        InvalidParameters: names.filter((name) => newest(name) === undefined),
      };
    },
    GetParametersByPath({ Path = '', MaxResults = LIMITS.page, NextToken, Recursive }: GetParametersByPathRequest) {
      if (MaxResults > LIMITS.page)
        throw new ServiceError('ValidationException', `MaxResults must be at most ${LIMITS.page}`);
      const prefix = Path.endsWith('/') ? Path : `${Path}/`;
      const names = [...parameters.keys()]
        .filter((name) => name.startsWith(prefix) && (Recursive === true || !name.slice(prefix.length).includes('/')))
        .sort();
      const start = NextToken === undefined ? 0 : Number(NextToken);
      const end = start + MaxResults;
      return {
        Parameters: names.slice(start, end).flatMap(render),
        ...(end < names.length ? { NextToken: String(end) } : {}),
      };
    },
    DeleteParameter({ Name = '' }: DeleteParameterRequest) {
      if (!parameters.delete(Name)) throw new ServiceError('ParameterNotFound', '');
      return {};
    },
  };

  const takeFault = (operation: string): FaultKind | undefined => {
    for (const fault of faults) {
      if (fault.operation !== operation || (fault.times ?? 1) <= 0) continue;
      if ((fault.after ?? 0) > 0) {
        fault.after = (fault.after ?? 0) - 1;
        continue;
      }
      fault.times = (fault.times ?? 1) - 1;
      return fault.kind;
    }
    return undefined;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = JSON.parse(await text(request)) as { Name?: string };
    calls.push([operation, input.Name].filter(Boolean).join(' '));
    const fault = takeFault(operation);
    if (fault === 'hang') return;
    if (fault === 'lost-request') return void response.destroy();
    response.setHeader('Date', new Date(now()).toUTCString());
    response.setHeader('Content-Type', 'application/x-amz-json-1.1');
    try {
      const perform = operations[operation];
      if (perform === undefined) throw new ServiceError('UnknownOperationException', operation);
      if (fault !== undefined && fault !== 'lost-answer') throw new ServiceError(fault, 'A fault, as the test asked.');
      const body = JSON.stringify(perform(input as never));
      if (fault === 'lost-answer') return void response.destroy();
      response.end(body);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      response.statusCode = error.type === 'InternalServerError' ? 500 : 400;
      response.end(JSON.stringify({ __type: error.type, message: error.message }));
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    for (const client of clients) client.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };

  return {
    endpoint,
    client({ maxAttempts = 3 } = {}) {
      const credentials = { accessKeyId: '123456789012', secretAccessKey: 'local' };
      const client = new SSMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts });
      clients.push(client);
      return client;
    },
    fail: (fault) => void faults.push({ ...fault }),
    clearFaults: () => void faults.splice(0),
    calls,
    value: (name) => newest(name)?.value,
    versions: (name) => (parameters.get(name) ?? []).map(({ version }) => version),
    names: () => [...parameters.keys()].sort(),
    put: (name, value) => void put(name, value),
    remove: (name) => void parameters.delete(name),
    close,
    [Symbol.asyncDispose]: close,
  };
}
