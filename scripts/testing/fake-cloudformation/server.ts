/** The fake's front: real HTTP on 127.0.0.1, one call after the other, faults on the way, a line in the journal each. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeSetHandlers } from './change-set-handlers.ts';
import { driftHandlers } from './drift-handlers.ts';
import type { Fault, Faults } from './faults.ts';
import type { Handlers } from './handlers.ts';
import type { Journal } from './journal.ts';
import { lifecycleHandlers } from './lifecycle-handlers.ts';
import type { OperationName, Output } from './operations.ts';
import { type Request, readRequest, writeError, writeResponse } from './query-protocol.ts';
import { readHandlers } from './read-handlers.ts';
import { trouble } from './refusals.ts';
import { ServiceError } from './service-error.ts';
import type { World } from './world.ts';

const HANDLERS: Handlers = { ...readHandlers, ...lifecycleHandlers, ...changeSetHandlers, ...driftHandlers };

export interface ServerParts {
  readonly world: World;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Called before a call is carried out: where a test lets somebody else be quicker. */
  readonly beforeCall: (request: Request) => void;
}

/** Starts the server on a free port. */
export async function startServer(parts: ServerParts): Promise<{ server: Server; endpoint: string }> {
  const server = createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, endpoint: `http://127.0.0.1:${port}` };
}

async function answer(parts: ServerParts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, faults, journal } = parts;
  const requestId = world.newId();
  const body = await readBody(incoming);
  const asked = attempt(() => readRequest(body));
  if (asked instanceof ServiceError) return send(response, asked.status, writeError(asked, requestId));

  const fault = faults.take(asked.operation);
  const done = refusalOf(fault) ?? (fault?.kind === 'reset' ? undefined : attempt(() => carryOut(parts, asked)));
  journal.add({
    ...asked,
    stackName: stackNameOf(world, asked),
    answer: isLost(fault) ? (fault?.kind ?? '') : done instanceof ServiceError ? done.code : 'ok',
  });
  if (fault?.kind === 'slow') await sleep(fault.milliseconds ?? 50);
  if (done === undefined || isLost(fault)) {
    incoming.socket.destroy();
    return;
  }
  if (done instanceof ServiceError) send(response, done.status, writeError(done, requestId));
  else send(response, 200, writeResponse(asked.operation, done, requestId));
}

function carryOut(parts: ServerParts, request: Request): Output<OperationName> {
  parts.beforeCall(request);
  return call(parts.world, request.operation, request);
}

/** One handler for one operation; the generic ties the input's type to it. */
function call<Name extends OperationName>(
  world: World,
  operation: Name,
  request: { readonly input: unknown },
): Output<Name> {
  return HANDLERS[operation](world, request.input as Parameters<Handlers[Name]>[1]);
}

/** A refusal is an answer; anything else thrown is a defect of the fake or of a test's script. */
function attempt<T>(work: () => T): T | ServiceError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    return new ServiceError('FakeFailure', error instanceof Error ? error.message : String(error), 418);
  }
}

const isLost = (fault: Fault | undefined): boolean => fault?.kind === 'reset' || fault?.kind === 'lost-answer';

function refusalOf(fault: Fault | undefined): ServiceError | undefined {
  if (fault?.kind === 'throttle') return trouble.throttled();
  return fault?.kind === 'unavailable' ? trouble.unavailable() : undefined;
}

function stackNameOf(world: World, request: Request): string | undefined {
  const named = 'StackName' in request.input ? request.input.StackName : undefined;
  return named === undefined ? undefined : (world.find(named)?.name ?? named);
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
}
