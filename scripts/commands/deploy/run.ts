/**
 * `deploy`: takes a release to the environments named, one after another in the order of promotion, and stops at the
 * first that fails. It validates nothing and rolls nothing back: that is `promote`.
 */
import type { CommandResult } from '../../adapters/cli/command.ts';
import type { Target } from '../../adapters/target.ts';
import { renderFailures, renderStacks, summarizeStacks } from '../../core/deployment/stack-result.ts';
import { EXIT } from '../../core/errors.ts';
import type { Reporter, Task } from '../../core/progress.ts';
import { type Release, releaseLabel } from '../../core/release/release.ts';
import type { DeployedEnvironment } from '../../operations/deploy-environment.ts';

export interface DeployInput {
  /** In the order of promotion. */
  readonly targets: readonly Target[];
}

export interface Dependencies {
  readonly obtainRelease: () => Promise<Release>;
  readonly deploy: (release: Release, target: Target, task: Task) => Promise<DeployedEnvironment>;
  readonly reporter: Reporter;
}

export async function run({ targets }: DeployInput, deps: Dependencies): Promise<CommandResult> {
  const release = await deps.obtainRelease();
  const deployed: DeployedEnvironment[] = [];
  for (const target of targets) {
    const result = await deployOne(release, target, deps);
    deployed.push(result);
    if (!result.ok) break;
  }
  return describe(release, deployed, targets);
}

async function deployOne(
  release: Release,
  target: Target,
  { deploy, reporter }: Dependencies,
): Promise<DeployedEnvironment> {
  const task = reporter.task(`deploying ${target.environment.name}`);
  try {
    const result = await deploy(release, target, task);
    if (result.ok) task.done(summarizeStacks(result.stacks));
    else task.fail(summarizeStacks(result.stacks));
    return result;
  } catch (error) {
    task.fail('stopped');
    throw error;
  }
}

function describe(
  release: Release,
  deployed: readonly DeployedEnvironment[],
  targets: readonly Target[],
): CommandResult {
  const ok = deployed.every((environment) => environment.ok);
  const untouched = targets.slice(deployed.length).map(({ environment }) => environment.name);
  const table = renderStacks(deployed.map(({ environment, stacks }) => ({ name: environment, stacks })));
  const below = [
    ...deployed.flatMap(({ stacks }) => renderFailures(stacks)),
    ...(untouched.length > 0 ? [`Not started: ${untouched.join(', ')}`] : []),
    `Release ${releaseLabel(release)} ${ok ? 'is deployed, not validated: npm run validate' : 'is not deployed as a whole'}`,
  ];
  const { id, commit, dirty } = release;
  return {
    exitCode: ok ? EXIT.done : EXIT.failed,
    document: { release: { id, commit, dirty }, environments: deployed, untouched },
    text: [table.text, ...below].join('\n'),
    summary: [table.markdown, ...below].join('\n\n'),
  };
}
