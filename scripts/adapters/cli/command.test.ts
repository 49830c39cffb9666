/** The rules every verb keeps, tried on a sample verb run as a process. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Cause } from '../../core/cause.ts';
import type { CommandResult } from './command.ts';

const SAMPLE = fileURLToPath(new URL('../../testing/sample-command.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the sample verb with no more variables than named. */
function start(options: readonly string[], variables: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', SAMPLE, ...options], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

const run = (options: readonly string[], variables: Record<string, string> = {}): Promise<Ended> =>
  ended(start(options, variables));

describe('every verb', { concurrency: 2 }, () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gitops-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('prints its text on stdout and ends 0', async () => {
    assert.deepEqual(await run([]), { code: 0, stdout: 'done\n', stderr: '' });
  });

  it('prints help with options, examples and exit codes, and ends 0', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    for (const part of [
      '--behaviour',
      '--env',
      '--local',
      '--json',
      'npm run sample -- --env dev',
      '3  stopped by a guard',
    ]) {
      assert.ok(stdout.includes(part), `help lacks ${part}:\n${stdout}`);
    }
  });

  it('prints exactly one JSON document on stdout, whatever else talks', async () => {
    const { code, stdout, stderr } = await run(['--json', '--local', '--behaviour', 'chatter']);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), { ok: true, local: true, names: [], text: 'done' });
    assert.match(stderr, /a library talks/);
  });

  it('aims at the emulated accounts by variable too, for what runs many verbs', async () => {
    const { stdout } = await run(['--json'], { GITOPS_LOCAL: 'true' });
    assert.equal(JSON.parse(stdout).local, true);
    const off = await run(['--json'], { GITOPS_LOCAL: 'false' });
    assert.equal(JSON.parse(off.stdout).local, false);
  });

  it('hands over a document larger than a pipe holds', async () => {
    const { stdout } = await run(['--json', '--behaviour', 'large']);
    assert.equal(JSON.parse(stdout).text.length, 1_000_000);
  });

  it('refuses a wrong option with exit 2, also as JSON', async () => {
    const { code, stdout, stderr } = await run(['--json', '--enf', 'dev']);
    assert.equal(code, 2);
    assert.match(stderr, /unknown option '--enf'/);
    assert.equal(JSON.parse(stdout).ok, false);
    assert.equal(JSON.parse(stdout).error.code, 'USAGE');
  });

  it('says where options of an npm script go when npm took them', async () => {
    const { code, stderr } = await run(['dev']);
    assert.equal(code, 2);
    assert.match(stderr, /npm run <verb> -- --env dev/);
  });

  it('reports an error of the user without a stack and with its own exit code', async () => {
    const { code, stdout, stderr } = await run(['--json', '--behaviour', 'guard']);
    assert.equal(code, 3);
    assert.equal(stderr, 'error: The freeze lasts until 16:00.\n');
    assert.deepEqual(JSON.parse(stdout), {
      ok: false,
      error: { code: 'FROZEN', source: 'user', message: 'The freeze lasts until 16:00.' },
    });
  });

  it('reports an unknown error in one line with exit 1, and its stack and cause only when debugging', async () => {
    const quiet = await run(['--behaviour', 'crash']);
    assert.equal(quiet.code, 1);
    assert.match(quiet.stderr, /x is not a function/);
    assert.doesNotMatch(quiet.stderr, /sample-command\.ts/);
    const loud = await run(['--behaviour', 'crash'], { GITOPS_DEBUG: '1' });
    assert.match(loud.stderr, /sample-command\.ts/);
    assert.match(loud.stderr, /Caused by: Error: the cause/);
  });

  it('ends 1 when a promise nobody waited for is rejected', async () => {
    const { code, stderr } = await run(['--behaviour', 'reject']);
    assert.equal(code, 1);
    assert.match(stderr, /nobody waited/);
  });

  it('asks for --env when the verb needs it, and names the environments it does not know', async () => {
    const absent = await run(['--behaviour', 'load']);
    assert.equal(absent.code, 2);
    assert.match(absent.stderr, /--env NAME \(of dev, /);
    const unknown = await run(['--behaviour', 'load', '--env', 'dev', '--env', 'moon']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /No environment "moon"/);
  });

  it('takes --env repeatedly, or all', async () => {
    const two = await run(['--json', '--behaviour', 'load', '--env', 'prod', '--env', 'dev']);
    assert.deepEqual(JSON.parse(two.stdout).names, ['dev', 'prod']);
    const every = await run(['--json', '--behaviour', 'load', '--env', 'all']);
    assert.ok(JSON.parse(every.stdout).names.length >= 3);
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`cleans up on ${signal} and ends ${code}`, async () => {
      const marker = join(folder, signal);
      const child = start(['--json', '--behaviour', 'wait', '--marker', marker]);
      child.stderr?.on('data', (chunk) => {
        if (String(chunk).includes('waiting')) child.kill(signal);
      });
      const { code: actual, stdout } = await ended(child);
      assert.equal(actual, code);
      assert.equal(JSON.parse(stdout).error.code, 'INTERRUPTED');
      assert.equal(readFileSync(marker, 'utf8'), 'cleaned up');
    });
  }

  it('cleans up after success and after failure', async () => {
    for (const behaviour of ['succeed', 'crash']) {
      const marker = join(folder, behaviour);
      await run(['--behaviour', behaviour, '--marker', marker]);
      assert.equal(readFileSync(marker, 'utf8'), 'cleaned up');
    }
  });

  it('goes on to its own end when the reader of stdout goes away', async () => {
    const marker = join(folder, 'epipe');
    const child = start(['--behaviour', 'large', '--marker', marker]);
    child.stdout?.destroy();
    const { code, stderr } = await ended(child);
    assert.equal(code, 0, stderr);
    assert.equal(readFileSync(marker, 'utf8'), 'cleaned up');
  });

  it('annotates errors and groups tasks under GitHub Actions, and leaves stdout to the document', async () => {
    const summary = join(folder, 'summary.md');
    writeFileSync(summary, '');
    const outputs = join(folder, 'outputs');
    writeFileSync(outputs, '');
    const runner = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs };
    const failed = await run(['--behaviour', 'guard'], runner);
    assert.match(failed.stdout, /::error title=sample::The freeze lasts until 16:00\./);
    assert.match(readFileSync(summary, 'utf8'), /The freeze lasts/);
    const talked = await run(['--json', '--behaviour', 'talk'], runner);
    assert.equal(JSON.parse(talked.stdout).ok, true);
    assert.match(talked.stderr, /::group::deploy\n[\s\S]*deploy › stack: created[\s\S]*::endgroup::/);
    assert.match(readFileSync(outputs, 'utf8'), /^behaviour<<(\S+)\ntalk\n\1\n$/);
  });

  it('writes no job summary where a verb has none', async () => {
    const summary = join(folder, 'quiet.md');
    writeFileSync(summary, '');
    const runner = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    await run(['--behaviour', 'say-nothing'], runner);
    assert.equal(readFileSync(summary, 'utf8'), '');
    await run([], runner);
    assert.match(readFileSync(summary, 'utf8'), /done/);
  });

  describe('that did not reach what was asked for', () => {
    const RUNNER = { GITHUB_ACTIONS: 'true' };
    const commands = (stream: string): string[] =>
      stream.split(/[\r\n]+/).filter((line) => /^[\s\u0085]*::|##\[/.test(line));
    const decoded = (text: string): string =>
      text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');

    it('leaves one annotation with the cause, and none when it succeeded or nobody reads them', async () => {
      const { code, stdout } = await run(['--behaviour', 'fall-short'], RUNNER);
      assert.equal(code, 1);
      assert.deepEqual(
        commands(stdout).filter((line) => line.startsWith('::error')),
        ['::error title=sample::dev: 1 of 9 checks did not pass.%0AMend it, then: npm run validate -- --env dev'],
      );
      const fine = await run([], RUNNER);
      assert.doesNotMatch(fine.stdout + fine.stderr, /::error/);
      const elsewhere = await run(['--behaviour', 'fall-short']);
      assert.doesNotMatch(elsewhere.stdout + elsewhere.stderr, /::error/);
    });

    it('is no result without its cause, nor one with a cause where nothing failed: the type check ends there', () => {
      interface Said {
        readonly document: Record<string, never>;
        readonly text: string;
      }
      type Silent = Said & { readonly exitCode: 1 };
      type Confused = Said & { readonly exitCode: 0; readonly cause: Cause };
      type Whole = Said & { readonly exitCode: 3; readonly cause: Cause };
      const accepted: readonly [
        Silent extends CommandResult ? true : false,
        Confused extends CommandResult ? true : false,
        Whole extends CommandResult ? true : false,
      ] = [false, false, true];
      assert.deepEqual(accepted, [false, false, true]);
    });

    it('tells machines the cause where they read an error’s', async () => {
      const { code, stdout } = await run(['--json', '--behaviour', 'fall-short']);
      assert.equal(code, 1);
      const message = 'dev: 1 of 9 checks did not pass.\nMend it, then: npm run validate -- --env dev';
      assert.deepEqual(JSON.parse(stdout), {
        ok: false,
        error: { code: 'FELL_SHORT', source: 'user', message },
        names: [],
      });
    });

    it('can’t be made to give the runner a second command by what a service says', async () => {
      for (const options of [[], ['--json']]) {
        const summary = join(folder, 'forged.md');
        writeFileSync(summary, '');
        const runner = { ...RUNNER, GITHUB_STEP_SUMMARY: summary };
        const { stdout, stderr } = await run(['--behaviour', 'forge', ...options], runner);
        const given = commands(stdout + stderr);
        assert.deepEqual(
          given.map((line) => line.split('::')[1]),
          ['error title=sample'],
          stdout + stderr,
        );
        assert.ok(!/%0D/.test(given.join()) && !given.join().includes('\u001b'), given.join());
        assert.match(decoded(given[0] ?? ''), /\n::set-output[\s\S]*100%$/);
      }
    });

    it('says as much as is read at a glance: the beginning, the end, and how much is missing', async () => {
      const { stdout } = await run(['--behaviour', 'ramble'], RUNNER);
      const [annotation = ''] = commands(stdout).filter((line) => line.startsWith('::error'));
      const lines = decoded(annotation).split('\n');
      assert.equal(lines.length, 12);
      assert.match(lines[0] ?? '', /::line 0 x+… \d+ more …x+ end$/);
      assert.equal(lines.at(-2), '… 69 more lines: see the log …');
      assert.match(lines.at(-1) ?? '', /^line 79 /);
      assert.ok(annotation.length < 12 * 700);
    });
  });

  it('saves its document to a file, folders and all, beside the text on stdout', async () => {
    const file = join(folder, 'deep', 'document.json');
    const { stdout } = await run(['--save', file]);
    assert.equal(stdout, 'done\n');
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { ok: true, local: false, names: [], text: 'done' });
  });

  it('takes options the way a workflow writes them', async () => {
    const { stdout } = await run(['--json', '--local=false', '--save=', '--behaviour=succeed']);
    assert.equal(JSON.parse(stdout).local, false);
  });
});
