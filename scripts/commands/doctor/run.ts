/**
 * `doctor`: looks at a whole set-up, from this machine to the accounts and GitHub, and says what is missing and what to do.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { endingOf } from '../../core/cause.ts';
import { type Check, judge } from '../../core/check.ts';
import { type Conclusion, conclude } from '../../core/doctor/conclusion.ts';
import { judgeMachine, type MachineFacts } from '../../core/doctor/machine.ts';
import type { Reporter, Task } from '../../core/progress.ts';
import {
  type CheckReport,
  causeOfChecks,
  type Headline,
  renderChecks,
  renderChecksMarkdown,
} from '../../core/render/checks.ts';
import type { ExaminedConfiguration } from '../../operations/doctor/examine-configuration.ts';
import type { Examined } from '../../operations/doctor/examined.ts';

export interface Dependencies {
  readonly reporter: Reporter;
  readonly readMachine: () => Promise<MachineFacts>;
  readonly examineConfiguration: () => Promise<ExaminedConfiguration>;
  /** @throws UsageError for a name that is none */
  readonly choose: (environments: readonly EnvironmentConfig[]) => readonly EnvironmentConfig[];
  readonly examineAccounts: (
    environments: readonly EnvironmentConfig[],
    chosen: readonly EnvironmentConfig[],
  ) => Promise<readonly Examined[]>;
  readonly examineGitHub: (chosen: readonly EnvironmentConfig[]) => Promise<Examined>;
}

export async function run(deps: Dependencies): Promise<CommandResult> {
  const task = deps.reporter.task('looking at the set-up');
  try {
    const examined = await examine(deps, task);
    const reports = examined.map(report);
    const cause = causeOfChecks(reports, 'npm run doctor');
    const { text, counts } = renderChecks(reports);
    const { conclusion, headline } = conclude(counts);
    task.done(headline.text);
    return {
      ...endingOf(cause),
      document: {
        conclusion,
        headline: headline.text,
        counts,
        parts: reports.map((part) => ({
          title: part.title,
          conclusion: part.conclusion,
          headline: part.headline.text,
          counts: part.verdict.counts,
          checks: part.checks,
        })),
      },
      text: `the set-up: ${headline.text}\n\n\n${text}`,
      summary: `**${headline.mark} the set-up: ${headline.text}**\n\n${renderChecksMarkdown(reports).text}`,
    };
  } catch (error) {
    task.fail('failed');
    throw error;
  }
}

async function examine(deps: Dependencies, task: Task): Promise<readonly Examined[]> {
  task.update('this machine');
  const machine = { title: 'this machine', checks: judgeMachine(await deps.readMachine()) };
  task.update('the configuration');
  const { checks, environments } = await deps.examineConfiguration();
  const configuration = { title: 'configuration', checks };
  // What is wrong there would be wrong everywhere: one cause, one finding.
  if (environments === undefined) return [machine, configuration, notExamined];
  const chosen = deps.choose(environments);
  task.update('accounts and GitHub');
  const [accounts, github] = await Promise.all([
    deps.examineAccounts(environments, chosen),
    deps.examineGitHub(chosen),
  ]);
  return [machine, configuration, ...accounts, github];
}

const notExamined: Examined = {
  title: 'accounts and GitHub',
  checks: [
    {
      id: 'configuration.needed',
      subject: 'accounts and GitHub',
      status: 'unknown',
      expected: 'looked at',
      actual: null,
      detail: 'the configuration says where they are, and it is wrong',
    },
  ],
};

interface PartReport extends CheckReport {
  readonly conclusion: Conclusion;
  readonly headline: Headline;
}

/** Only what is missing fails: what nobody can tell from here is listed, and keeps its part from being complete. */
function report({ title, checks }: Examined): PartReport {
  const unknown = checks.filter(({ status }) => status === 'unknown');
  const excused = unknown.map(({ id, detail }: Check) => ({ id, reason: detail }));
  const verdict = judge(checks, excused);
  return { title, checks, verdict, ...conclude(verdict.counts) };
}
