/** STS that gives a session to everybody, and keeps what it was asked. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AskedOfSts {
  readonly call: URLSearchParams;
  /** Header; undefined for a call that is not signed. */
  readonly signature: string | undefined;
}

export interface FakeSts {
  readonly endpoint: string;
  readonly port: number;
  readonly asked: readonly AskedOfSts[];
  close(): void;
}

const SESSION = [
  '<Credentials><AccessKeyId>ASIA2</AccessKeyId><SecretAccessKey>secret-2</SecretAccessKey>',
  '<SessionToken>session-2</SessionToken><Expiration>2046-01-01T01:00:00Z</Expiration></Credentials>',
  '<AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>a</Arn></AssumedRoleUser>',
].join('');

export async function startFakeSts(account: string): Promise<FakeSts> {
  const asked: AskedOfSts[] = [];
  const server = createServer(async (request, response) => {
    const body: Buffer[] = [];
    for await (const part of request) body.push(part as Buffer);
    const call = new URLSearchParams(Buffer.concat(body).toString());
    asked.push({ call, signature: request.headers.authorization });
    const action = call.get('Action');
    const result = action === 'GetCallerIdentity' ? `<Account>${account}</Account>` : SESSION;
    const xml = `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
    response.writeHead(200, { 'content-type': 'text/xml' }).end(xml);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, port, asked, close: () => void server.close() };
}
