/** What `promote` is called with, and its help. */
import { type Command, reason, seconds } from '../../adapters/cli/option-values.ts';

export const DEFINITION = {
  name: 'promote',
  summary:
    'Takes one release through the environments in the order of promotion: deploy, validate, record; what fails is rolled ' +
    'back to the last validated release there, and nothing behind it begins.',
  whenEnvOmitted: 'all',
  configure: (command: Command) =>
    command
      .option('--until <name>', 'up to this environment: it and those that must come before it')
      .option('--only <name>', 'this environment alone; the one before it must hold the release already')
      .option('--release <id or folder>', 'a release made before (default: makes that of the working tree)')
      .option('--retry', 'also a release that was rejected, or is older than what is there')
      .option('--override-freeze <reason>', 'deploy in spite of a freeze; the reason is recorded', reason)
      .option(
        '--approved-plan <file>',
        'what `diff --save` wrote and was approved: stop where it is no longer the plan',
      )
      .option('--enforce-freeze', 'with --local: stop at a freeze, as AWS does')
      .option('--wait <seconds>', 'how long to wait for another one at work there', seconds, 120)
      .option('--predecessor-validated', 'vouch for predecessors in accounts that can’t be read from here'),
  examples: [
    { options: '--local', does: 'Makes the release of the working tree and takes it through the emulated accounts.' },
    { options: '--only prod --release 4f2a90c', does: 'Takes a release that staging holds to prod.' },
    { options: '--only prod --override-freeze "INC-42"', does: 'Deploys during a freeze; the ledger says why.' },
  ],
} as const;
