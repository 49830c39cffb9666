/** promote.yml's schedule takes up what a freeze put off: each of its runs has to come when no environment is frozen. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { loadEnvironments } from '../../../environments/load.ts';
import { runsOf, scheduleProblems } from './schedule.ts';
import { parseWorkflow, readWorkflowFiles } from './workflow-files.ts';

const FILE = '.github/workflows/promote.yml';
/** Every season, both changes of clocks, and all holidays that are listed. */
const DAYS = 2 * 366;

const workflow = parseWorkflow(FILE, readWorkflowFiles().get(FILE) ?? '').data as {
  readonly on?: { readonly schedule?: readonly { readonly cron: string }[] };
};
const crons = (workflow.on?.schedule ?? []).map(({ cron }) => cron);
const environments = loadEnvironments();
const [frozen] = environments.filter(({ promotion }) => promotion.freeze !== null);
const FROM = new Date('2026-11-23T00:00:00Z');
const allRuns = crons.flatMap((cron) => runsOf(cron, FROM, DAYS)).sort((a, b) => a.getTime() - b.getTime());

type Freeze = NonNullable<EnvironmentConfig['promotion']['freeze']>;
const withWindow = (window: Partial<Freeze['windows'][number]>): EnvironmentConfig[] => {
  assert.ok(frozen?.promotion.freeze);
  const { freeze } = frozen.promotion;
  const windows = freeze.windows.map((each) => ({ ...each, ...window }));
  return [{ ...frozen, promotion: { ...frozen.promotion, freeze: { ...freeze, windows } } }];
};

test('every run of the schedule comes after the windows of every environment, for two years', () => {
  assert.ok(frozen !== undefined, 'no environment has a freeze: the schedule has nothing to take up');
  assert.equal(crons.length, 1);
  assert.ok(allRuns.length > 500);
  assert.deepEqual(scheduleProblems(FILE, allRuns, environments), []);
});

describe('a freeze that is changed so that the schedule falls into it', () => {
  for (const [what, window] of [
    ['ends later', { to: '17:00' }],
    ['ends later in winter alone', { to: '16:30' }],
    ['runs past midnight', { from: '16:10', to: '09:00' }],
  ] as const) {
    test(`because it ${what}, is told with what to change`, () => {
      const [problem, ...others] = scheduleProblems(FILE, allRuns, withWindow(window));
      assert.deepEqual(others, []);
      assert.match(problem ?? '', /^\.github\/workflows\/promote\.yml runs at \d{4}-.*when prod is frozen until/);
      assert.match(problem ?? '', /Move the cron line .* or change promotion\.freeze in environments\/prod\.json\.$/);
    });
  }

  test('or that ends on a day after which the schedule does not run, too', () => {
    const [problem] = scheduleProblems(FILE, allRuns, withWindow({ days: ['friday'], from: '23:00', to: '23:30' }));
    assert.match(problem ?? '', /does not run within a day of .*Add that day to the cron line/);
  });
});

test('cron lines are read as GitHub reads them', () => {
  const hours = (cron: string, days: number) =>
    runsOf(cron, new Date('2026-11-21T12:00:00Z'), days).map((each) => each.toISOString().slice(0, 16));
  // A Saturday, then Sunday, then Monday.
  assert.deepEqual(hours('15 21 * * 1-5', 3), ['2026-11-23T21:15']);
  assert.deepEqual(
    hours('25 */6 * * *', 1),
    ['00', '06', '12', '18'].map((hour) => `2026-11-21T${hour}:25`),
  );
  assert.deepEqual(hours('0,30 5 * * 0,6', 2).length, 4);
  assert.throws(() => runsOf('0 0 1 * *', FROM, 1), RangeError);
});
