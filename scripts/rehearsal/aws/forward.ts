/**
 * Hands a call on to the emulated account and its answer back, as they come: bodies are not gathered, an upload of any
 * size passes through.
 */
import { Agent, type IncomingMessage, request as open, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** Of one connection, not of the call: RFC 9110, 7.6.1. `expect` was answered already. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** Thrown when the emulated account can't be reached, or hangs up before it answers. */
export class UpstreamError extends Error {
  constructor(endpoint: string, cause: Error) {
    super(`the emulated account at ${endpoint} does not answer: ${cause.message}`, { cause });
    this.name = 'UpstreamError';
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export class Upstream {
  readonly #endpoint: URL;
  // A connection each: one kept open may be closed by the other side just as the next call goes out, and a body that
  // was streamed can't be sent again.
  readonly #agent = new Agent({ keepAlive: false });

  constructor(endpoint: string) {
    this.#endpoint = new URL(endpoint);
  }

  /**
   * @param body what was read of the request already; by default it is streamed
   * @throws UpstreamError as long as nothing was answered; later the caller's connection is broken off
   */
  async forward(request: IncomingMessage, response: ServerResponse, body?: Buffer): Promise<void> {
    const answer = await this.#send(request, response, body);
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
    try {
      await pipeline(answer, response);
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined);
    }
  }

  /** The same with the answer gathered: for short ones that are looked at. @throws UpstreamError */
  async exchange(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<Answer> {
    const answer = await this.#send(request, response, body);
    try {
      return {
        status: answer.statusCode ?? 502,
        headers: endToEnd(answer.rawHeaders),
        body: await buffer(answer),
      };
    } catch (error) {
      throw new UpstreamError(this.#endpoint.origin, error as Error);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(request: IncomingMessage, response: ServerResponse, body?: Buffer): Promise<IncomingMessage> {
    const { hostname, port } = this.#endpoint;
    const { method, url: path } = request;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(new UpstreamError(this.#endpoint.origin, error));
      const call = open({ hostname, port, method, path, headers: endToEnd(request.rawHeaders), agent: this.#agent });
      call.once('response', resolve);
      call.on('error', fail);
      // Who called has hung up: nobody waits for the answer.
      response.once('close', () => call.destroy());
      pipeline(body === undefined ? request : Readable.from([body]), call).catch(fail);
    });
  }
}

/** Names and values in turn, as they came, without those of the connection. */
function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const [name = '', value = ''] = raw.slice(index, index + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
