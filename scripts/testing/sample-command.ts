/**
 * A verb that does nothing but what a test asks for, so that the frame of all verbs is tried as a process.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../adapters/cli/command.ts';
import { EXIT, GitOpsError } from '../core/errors.ts';

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
    const text = behaviour === 'large' ? 'x'.repeat(1_000_000) : `done ${names.join(' ')}`.trim();
    return { exitCode: EXIT.done, document: { local, names, text }, text, outputs: { behaviour } };
  },
);
