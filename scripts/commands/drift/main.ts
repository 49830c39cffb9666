/** Entry of `npm run drift`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { loadDriftWaivers } from '../../../environments/load-waivers.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { seconds } from '../../adapters/cli/option-values.ts';
import { findOnMain } from '../../adapters/drift/main-branch.ts';
import { publishDriftMetrics } from '../../adapters/drift/metrics.ts';
import { reportDriftIssue } from '../../adapters/drift/report-issue.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { detectDrift } from '../../operations/detect-drift.ts';
import { fixDrift } from '../../operations/fix-drift.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { run } from './run.ts';

await runCommand(
  {
    name: 'drift',
    summary:
      'Compares what runs with the release that the ledger names: by CloudFormation’s drift detection, by templates and stacks, ' +
      'and by the probes of validate. Says what was checked and what nobody could check. Read-only without --fix.',
    whenEnvOmitted: 'refuse',
    configure: (command) =>
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
  },
  async ({ options, local, environments: chosen, reporter, signal, onExit }) => {
    const environments = loadEnvironments();
    const names = environments.map(({ name }) => name);
    const waivers = loadDriftWaivers({ environments: names, today: new Date() });
    const { openSite, clients, clock, toolkitFor } = openWorkbench({ local, reporter, onExit }, environments);
    const findCommit = (commit: string, isLocal: boolean) => findOnMain(REPOSITORY_ROOT, commit, isLocal);
    return await run(
      { options, local, chosen: await chosen(), by: readActor(), signal },
      {
        resolveTargets: (selected) => resolveTargets(selected, { local }),
        detect: (target) =>
          detectDrift(
            { target, environments: names, waivers, reporter, signal },
            { openSite, clock, findOnMain: findCommit },
          ),
        fix: (input) => fixDrift({ ...input, reporter, signal }, { openSite, toolkitFor, onExit }),
        publishMetrics: (target, counts) => publishDriftMetrics(clients.for(target).cloudwatch, counts, signal),
        reportIssue: (issue) => reportDriftIssue(issue, { warn: (text) => reporter.warn(text), signal }),
        reporter,
      },
    );
  },
);
