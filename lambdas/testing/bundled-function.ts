/**
 * A function as Lambda runs it: its bundle, in a process of its own whose output is its log.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the process says back: see bundled-function-process.ts. */
export type Invocation =
  | { readonly result: unknown; readonly importMs: number }
  | { readonly error: { readonly name: string; readonly message: string } };

/**
 * Invokes it once, with these environment variables and no others.
 * @param file the bundle
 * @returns `log` holds the JSON lines it wrote
 */
export const invokeBundled = async (
  file: string,
  event: unknown,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly invocation: Invocation; readonly log: readonly Record<string, unknown>[] }> => {
  const child = fork(fileURLToPath(new URL('bundled-function-process.ts', import.meta.url)), [file], {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  child.send({ event });
  const answered = once(child, 'message');
  const closed = once(child, 'close');
  const invocation = await Promise.race([answered, closed.then(() => Promise.reject(new Error(output)))]);
  await closed;
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  return { invocation: invocation[0], log: lines.map((line) => JSON.parse(line)) };
};
