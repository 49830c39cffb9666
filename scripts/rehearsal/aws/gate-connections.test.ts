/** Bodies pass through the gate piece by piece, and whatever breaks on one side breaks on the other. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { type Gate, startGate } from './gate.ts';

/** Needs no session. */
const PATH = '/restapis/a/v1/_user_request_/x';

/** A gate in front of a server that does what a test says. */
async function gateTo(
  t: TestContext,
  answer: (incoming: IncomingMessage, response: ServerResponse) => void,
): Promise<{ gate: Gate; call: (headers?: Record<string, string>) => ClientRequest }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gate = await startGate({
    account: '123456789012',
    upstream: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: '123456789012', secretAccessKey: 'local' },
    },
    issuer: { keys: { keys: [] } },
    report: () => {},
  });
  t.after(async () => {
    await gate.close();
    server.closeAllConnections();
    server.close();
  });
  const call = (headers: Record<string, string> = {}) =>
    request({ host: '127.0.0.1', port: gate.port, path: PATH, method: 'PUT', headers });
  return { gate, call };
}

describe('the gate', { timeout: 20_000 }, () => {
  it('hands on what has come of a body before the rest is there, and so with the answer', async (t) => {
    const { call } = await gateTo(t, (incoming, response) => void incoming.pipe(response));
    const asking = call();
    asking.write('first');
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    const [chunk] = (await once(answer, 'data')) as [Buffer];
    assert.equal(chunk.toString(), 'first');
    asking.end('second');
    assert.equal(await text(answer), 'second');
  });

  it('leaves headers and status as they are, but for those of the connection', async (t) => {
    const { call } = await gateTo(t, (incoming, response) => {
      response.writeHead(418, [
        'X-Seen',
        String(incoming.headers['x-amz-date']),
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
      ]);
      response.end(`${incoming.headers.host} ${incoming.headers['expect']}`);
    });
    const asking = call({ 'x-amz-date': 'today', host: 'as.signed', expect: '100-continue' }).end('x');
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 418);
    assert.equal(answer.headers['x-seen'], 'today');
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
    assert.equal(await text(answer), 'as.signed undefined');
  });

  it('answers 502 when the account hangs up before it answers', async (t) => {
    const { call } = await gateTo(t, (incoming) => void incoming.socket.destroy());
    const [answer] = (await once(call().end('x'), 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 502);
    assert.match(await text(answer), /does not answer: (socket hang up|.*ECONNRESET)/);
  });

  it('breaks off an answer that breaks off, and does not end it as if it were whole', async (t) => {
    const { call } = await gateTo(t, (_, response) => {
      response.writeHead(200);
      response.write('half', () => response.destroy());
    });
    const [answer] = (await once(call().end('x'), 'response')) as [IncomingMessage];
    await assert.rejects(text(answer), /aborted/);
  });

  it('hangs up on the account when the caller hangs up', async (t) => {
    const asked = new EventEmitter();
    const { call } = await gateTo(t, (incoming) => asked.emit('call', incoming));
    const asking = call().on('error', () => {});
    asking.end('x');
    const [incoming] = (await once(asked, 'call')) as [IncomingMessage];
    const gone = once(incoming.socket, 'close');
    asking.destroy();
    await gone;
  });

  it('ends calls that wait and connections that are idle when it closes', async (t) => {
    const asked = new EventEmitter();
    const { gate, call } = await gateTo(t, (incoming) => asked.emit('call', incoming));
    const idle = connect(gate.port, '127.0.0.1');
    await once(idle, 'connect');
    const asking = call().end('x');
    const [incoming] = (await once(asked, 'call')) as [IncomingMessage];
    const behind = once(incoming.socket, 'close');
    const ended = [once(asking, 'error'), once(idle, 'close'), behind];
    await gate.close();
    await Promise.all(ended);
  });

  it('refuses a form that is no call, and the caller gets to read it', async (t) => {
    const { gate } = await gateTo(t, () => assert.fail('handed on'));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(gate.endpoint, { method: 'POST', headers, body: 'x'.repeat(2 * 1024 * 1024 + 1) });
    assert.equal(answer.status, 413);
    assert.match(await answer.text(), /RequestEntityTooLarge/);
  });
});
