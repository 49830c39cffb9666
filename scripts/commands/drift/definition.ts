/** What `npm run drift` takes: options, help and examples. */
import { type Command, seconds } from '../../adapters/cli/option-values.ts';

export const DEFINITION = {
  name: 'drift',
  summary:
    'Compares what runs with the release that the ledger names: by CloudFormation’s drift detection, by templates and stacks, ' +
    'and by the probes of validate. Says what was checked and what nobody could check. Read-only without --fix.',
  whenEnvOmitted: 'refuse',
  configure: (command: Command) =>
    command
      .option('--fix', 'deploy the validated release again in CloudFormation’s drift-reverting mode', false)
      .option('--yes-production', 'with --fix: also in a production stage', false)
      .option('--wait <seconds>', 'with --fix: how long to wait for another one at work there', seconds, 120)
      .option('--publish-metrics', 'report the counts to CloudWatch, on which the drift alarms stand', false)
      .option('--report-issue', 'open, update or close the one GitHub issue per environment', false),
  examples: [
    { options: '--env all --local', does: 'Looks for drift in the emulated accounts.' },
    { options: '--env prod --publish-metrics --report-issue', does: 'What the scheduled workflow does.' },
    { options: '--env dev --fix', does: 'Brings dev back to its validated release; shows before and after.' },
  ],
} as const;
