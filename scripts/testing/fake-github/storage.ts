/**
 * Where artifacts lie: another server than the API, as with GitHub, which knows no tokens. An address is signed and serves
 * once; one that comes with a token is refused, as the storage behind GitHub refuses it.
 *
 * Source: https://docs.github.com/en/rest/actions/artifacts#download-an-artifact
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class FakeStorage {
  private readonly server: Server;
  private readonly signed = new Map<string, Uint8Array>();
  private count = 0;

  private constructor() {
    this.server = createServer(({ url = '', headers }, response) => {
      const content = this.signed.get(url);
      this.signed.delete(url);
      const refusal = headers.authorization === undefined ? (content ? undefined : 403) : 400;
      if (refusal !== undefined || content === undefined) return void response.writeHead(refusal ?? 403).end();
      // As the action that uploads says it: https://github.com/actions/toolkit/tree/main/packages/artifact
      response.writeHead(200, { 'content-type': 'zip', 'content-length': content.length }).end(content);
    });
  }

  static async start(): Promise<FakeStorage> {
    const storage = new FakeStorage();
    await new Promise<void>((resolve) => storage.server.listen(0, '127.0.0.1', resolve));
    return storage;
  }

  /** @returns the address at which it can be had once */
  sign(content: Uint8Array): string {
    this.count += 1;
    const path = `/actions-results/${this.count}?sig=${this.count}`;
    this.signed.set(path, content);
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve, reject) => this.server.close((error) => (error ? reject(error) : resolve())));
  }
}
