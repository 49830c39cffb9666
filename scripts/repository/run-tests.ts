/**
 * `npm test` and `npm run test:long`: finds the test files, runs them with node:test and fails when none ran.
 *
 * Why not `node --test` alone: Node 20 takes no globs, and a run that found nothing ends green.
 * Usage: run-tests.ts [--long] [path …]; a path narrows the run to the test files below it.
 */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensurePython } from '../adapters/emulator/python-environment.ts';
import { annotateError } from '../adapters/reporter/github-actions.ts';
import { readSurroundings } from '../adapters/variables.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const folders = ['environments', 'infra', 'lambdas', 'scripts'];
/** Ten minutes for one file: one that hangs is reported by name instead of stopping the whole run silently. */
const FILE_TIMEOUT_MS = { short: 600_000, long: 3_600_000 };

/** All test files below the source folders; the long ones end in `.long.test.ts`. */
function findTests(long: boolean, within: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
    )
    .filter((file) => file.endsWith('.test.ts') && file.endsWith('.long.test.ts') === long)
    .filter((file) => within.length === 0 || within.some((path) => file.startsWith(resolve(path))))
    .sort();
}

const { values, positionals } = parseArgs({
  options: { long: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const files = findTests(values.long, positionals);

if (files.length === 0) {
  process.stderr.write(`No test file found${positionals.length > 0 ? ` below ${positionals.join(', ')}` : ''}.\n`);
  process.exit(1);
}

// Made once here: several test files start emulated accounts, and each would make it at the same moment.
await ensurePython({ log: (line) => process.stderr.write(`${line}\n`) });

let executed = 0;
const stream = run({
  files,
  concurrency: availableParallelism(),
  timeout: values.long ? FILE_TIMEOUT_MS.long : FILE_TIMEOUT_MS.short,
});
stream.on('test:pass', ({ skip, todo }) => {
  if (!skip && !todo) executed += 1;
});
/** GitHub shows ten errors of a step. */
const MOST_ANNOTATIONS = 10;
let annotated = 0;
stream.on('test:fail', ({ name, file, details }) => {
  process.exitCode = 1;
  const { cause, failureType } = details.error as Error & { readonly failureType?: string };
  // A suite fails with its tests: they are told.
  if (failureType === 'subtestsFailed' || !readSurroundings().githubActions || annotated >= MOST_ANNOTATIONS) return;
  annotated += 1;
  const reason = cause instanceof Error ? cause.message : String(cause ?? details.error.message);
  void annotateError('npm test', `${file === undefined ? '' : `${relative(root, file)}: `}${name}\n${reason}`);
});
stream.on('end', () => {
  if (executed > 0) return;
  process.stderr.write(`${files.length} test files were found, and no test in them passed.\n`);
  process.exitCode = 1;
});
stream.compose(new spec()).pipe(process.stdout);
