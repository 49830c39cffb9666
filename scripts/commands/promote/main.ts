/** Entry of `npm run promote`. */
import { loadEnvironments } from '../../../environments/load.ts';
import { runCommand } from '../../adapters/cli/command.ts';
import { REPOSITORY_ROOT as root } from '../../adapters/repository-root.ts';
import { resolveTargets } from '../../adapters/resolve-targets.ts';
import { readActor } from '../../adapters/variables.ts';
import { confirmPlan, readApprovedPlans } from '../../operations/confirm-plan.ts';
import { makeRelease } from '../../operations/make-release.ts';
import { promote } from '../../operations/promote.ts';
import { withRelease } from '../../operations/with-release.ts';
import { openWorkbench } from '../../operations/workbench.ts';
import { DEFINITION } from './definition.ts';
import { run } from './run.ts';

await runCommand(DEFINITION, async ({ options, local, environments: chosen, reporter, signal, onExit }) => {
  const { only, until, overrideFreeze = null, wait } = options;
  const { retry = false, enforceFreeze = false, predecessorValidated = false } = options;
  const approved = options.approvedPlan === undefined ? undefined : await readApprovedPlans(options.approvedPlan);
  const environments = loadEnvironments();
  const bench = openWorkbench({ local, reporter, onExit }, environments);
  return await run(
    {
      environments,
      chosen: await chosen(),
      selection: { only, until },
      options: { retry, overrideFreeze, enforceFreeze },
      predecessorValidated,
      by: readActor(),
      waitSeconds: wait,
      signal,
    },
    {
      resolveTargets: (selected) => resolveTargets(selected, { local }),
      withRelease: (targets, use) => {
        const stores = { makeRelease, reporter, openStores: () => bench.openStores(targets) };
        return withRelease({ root, wanted: options.release, environments, signal }, stores, use);
      },
      promote: (input) =>
        promote(input, {
          ...bench,
          ...(approved && {
            confirm: (release, target) =>
              confirmPlan(target.environment.name, approved, () => bench.planner(signal)(release, target)),
          }),
        }),
    },
  );
});
