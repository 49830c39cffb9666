/**
 * The two streams of a command: its result on stdout, all else on stderr; safe when a reader goes away.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';

export interface Output {
  /** The result: text for people, or the one JSON document. Resolves when handed to the system. */
  result(text: string): Promise<void>;
  /** Everything else. */
  note(text: string): void;
}

/**
 * A reader that goes away (`| head`) must not end a deployment half-way: what can't be written is dropped, and the
 * command goes on to its own exit code.
 */
export function surviveClosedReaders(...streams: readonly Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    });
  }
}

/**
 * Gives stdout to the result alone: whatever else in the process writes there (a library's console.log, the workflow
 * commands of @actions/core, which a runner reads from either stream) lands on stderr.
 */
export function reserveStdout(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return { result: (text) => writeAll(write, text), note: (text) => void stderr.write(text) };
}

/** Both streams as they are: text output for people. */
export function openOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  return { result: (text) => writeAll(stdout.write.bind(stdout), text), note: (text) => void stderr.write(text) };
}

/** A pipe takes 64 KB at a time: exiting before the callback would cut a long document off. */
function writeAll(write: NodeJS.WriteStream['write'], text: string): Promise<void> {
  return new Promise((resolve) => {
    write(text, () => resolve());
  });
}

/** Writes a file of the caller's choice, with the folders to it. */
export async function saveText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
