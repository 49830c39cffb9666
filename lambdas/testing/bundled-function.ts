/**
 * A function as Lambda runs it: bundled to one CommonJS file, in a process of its own whose output is its log.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const LAMBDAS = fileURLToPath(new URL('..', import.meta.url));

export interface BundledFunction {
  readonly file: string;
  readonly bytes: number;
}

/** @returns where each function's bundle is, and how large */
export const bundleFunctions = async (
  owner: { after(hook: () => void): void },
  names: readonly string[],
): Promise<BundledFunction[]> => {
  const outdir = mkdtempSync(join(tmpdir(), 'bundled-functions-'));
  owner.after(() => rmSync(outdir, { recursive: true, force: true }));
  const { metafile } = await build({
    entryPoints: names.map((name) => ({ in: join(LAMBDAS, name, 'handler.ts'), out: name })),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    metafile: true,
    logLevel: 'warning',
  });
  const sizes = Object.entries(metafile.outputs);
  return names.map((name) => ({
    file: join(outdir, `${name}.js`),
    bytes: sizes.find(([path]) => path.endsWith(`${name}.js`))?.[1].bytes ?? Number.NaN,
  }));
};

/** What the process says back: see bundled-function-process.ts. */
export type Invocation =
  | { readonly result: unknown; readonly importMs: number }
  | { readonly error: { readonly name: string; readonly message: string } };

/** Invokes it once, with these environment variables and no others. `log` holds the JSON lines it wrote. */
export const invokeBundled = async (
  { file }: BundledFunction,
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
