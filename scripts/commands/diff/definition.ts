/** What `diff` is called with, and its help. */
import type { Command } from '../../adapters/cli/option-values.ts';
import { readFormat } from '../../core/plan/render/format.ts';
import { ALLOW_DESTRUCTIVE, readLabels } from './labels.ts';

export const DEFINITION = {
  name: 'diff',
  summary: 'Shows what a release would change in each environment; ends 1 when something stands against it.',
  whenEnvOmitted: 'all',
  configure: (command: Command) =>
    command
      .option('--release <folder>', 'the release to compare', 'cdk.out')
      .option('--base <ref>', 'commit to compare environments/*.json with, to say in words what changed in them')
      .option('--allow-destructive', 'let the verdict pass although data would be lost', false)
      .option('--labels <json>', `a pull request's labels; "${ALLOW_DESTRUCTIVE}" is as the option`, readLabels, [])
      .option('--against-nothing', 'look at nothing deployed: everything is created. Needs no credentials', false)
      .option('--format <format>', 'table, markdown or json', readFormat, 'table'),
  examples: [
    { options: '--local --env all', does: 'What cdk.out would change in the emulated accounts.' },
    { options: '--env prod --base origin/main', does: 'The same for prod, and the config in words.' },
  ],
} as const;
