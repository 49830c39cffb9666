/** Entry of `npm run drift`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { loadDriftWaivers } from '../../../environments/load-waivers.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { findOnMain } from '../../adapters/drift/main-branch.ts';
import { publishDriftMetrics } from '../../adapters/drift/metrics.ts';
import { reportDriftIssue } from '../../adapters/drift/report-issue.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { detectDrift } from '../../operations/detect-drift.ts';
import { fixDrift } from '../../operations/fix-drift.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { DEFINITION } from './definition.ts';
import { run } from './run.ts';

await runCommand(DEFINITION, async ({ options, local, environments: chosen, reporter, signal, onExit }) => {
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
      fix: (input) => fixDrift({ ...input, reporter, signal }, { openSite, clock, toolkitFor, onExit }),
      publishMetrics: (target, counts) => publishDriftMetrics(clients.for(target).cloudwatch, counts, signal),
      reportIssue: (issue) => reportDriftIssue(issue, { warn: (text) => reporter.warn(text), signal }),
      reporter,
    },
  );
});
