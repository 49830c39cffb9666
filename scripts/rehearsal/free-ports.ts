/** Ports in a row that nothing listens on: emulated accounts take one each, from a first one up. */
import { createServer, type Server } from 'node:net';
import { EXIT, GitOpsError } from '../core/errors.ts';

const ATTEMPTS = 50;
const LAST_PORT = 65_000;

/** @returns the first of `count` */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = await portOf(await listen(0));
    if (first + count > LAST_PORT) continue;
    if (await allFree(first, count)) return first;
  }
  throw new GitOpsError(`No ${count} free ports in a row on 127.0.0.1, in ${ATTEMPTS} attempts.`, {
    code: 'NO_FREE_PORTS',
    source: 'user',
    exitCode: EXIT.failed,
  });
}

async function allFree(first: number, count: number): Promise<boolean> {
  for (let port = first; port < first + count; port += 1) {
    try {
      await portOf(await listen(port));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
      throw error;
    }
  }
  return true;
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** Lets go of it again. */
async function portOf(server: Server): Promise<number> {
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
