/**
 * A verb that does nothing but what a test asks for, so that the frame of all verbs is tried as a process.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../adapters/cli/command.ts';
import { EXIT, GitOpsError } from '../core/errors.ts';

/** What a verb may end with that did all it could. */
const SHORTFALLS: Readonly<Record<string, string>> = {
  'fall-short': 'dev: 1 of 9 checks did not pass.\nMend it, then: npm run validate -- --env dev',
  forge: 'a stack says:\n::set-output name=pending::true\r::stop-commands::x\n ##[error]no\u001b[31m 100%',
  ramble: Array.from({ length: 80 }, (_, index) => `line ${index} ${'x'.repeat(900)} end`).join('\n'),
};

await runCommand(
  {
    name: 'sample',
    summary: 'Does what a test asks for.',
    whenEnvOmitted: 'refuse',
    configure: (command) =>
      command
        .option('--behaviour <kind>', 'what to do', 'succeed')
        .option('--marker <file>', 'written by the clean-up hook'),
    examples: [{ options: '--env dev', does: 'Does nothing to dev.' }],
  },
  async ({ options, reporter, environments, onExit, local, signal }) => {
    const { marker, behaviour } = options;
    if (marker) onExit(() => writeFileSync(marker, 'cleaned up'));
    const behaviours: Record<string, () => unknown> = {
      succeed: () => {},
      guard: () => {
        throw new GitOpsError('The freeze lasts until 16:00.', {
          code: 'FROZEN',
          source: 'user',
          exitCode: EXIT.guarded,
        });
      },
      crash: () => {
        throw new TypeError('x is not a function', { cause: new Error('the cause') });
      },
      reject: () => {
        void Promise.reject(new Error('nobody waited'));
        return sleep(30_000, undefined, { signal });
      },
      chatter: () => process.stdout.write('a library talks\n'),
      wait: () => {
        process.stderr.write('waiting\n');
        return sleep(30_000, undefined, { signal });
      },
      talk: () => {
        const task = reporter.task('deploy');
        task.child('stack').done('created');
        task.done();
      },
    };
    await behaviours[behaviour]?.();
    const names = behaviour === 'load' ? (await environments()).map(({ name }) => name) : [];
    const shortfall = SHORTFALLS[behaviour];
    if (shortfall !== undefined) {
      const cause = { code: 'FELL_SHORT', message: shortfall };
      return { exitCode: EXIT.failed, cause, document: { names }, text: `It fell short: ${shortfall}` };
    }
    const text = behaviour === 'large' ? 'x'.repeat(1_000_000) : `done ${names.join(' ')}`.trim();
    const summary = behaviour === 'say-nothing' ? { summary: '' } : {};
    return { exitCode: EXIT.done, document: { local, names, text }, text, outputs: { behaviour }, ...summary };
  },
);
