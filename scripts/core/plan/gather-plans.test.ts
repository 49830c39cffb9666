/** Plans of several jobs become one picture, and what is missing is in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environment, stack, template } from '../../testing/plan-samples.ts';
import { expectedEnvironments } from './expected-environments.ts';
import { gatherPlans } from './gather-plans.ts';
import { makePlan } from './make-plan.ts';
import { renderJson } from './render/json.ts';

const EXPECTED = expectedEnvironments(['dev', 'staging', 'prod']);
const topic = template({ Topic: { Type: 'AWS::SNS::Topic' } });
const change = (name: string, path: string) => ({ environment: name, path, words: 'words', carriedBy: [] });
const file = (name: string, ...changes: ReturnType<typeof change>[]) => ({
  path: `plans/${name}.json`,
  text: renderJson(
    [makePlan(environment([stack(undefined, topic)], { environment: name }), { allowDestructive: false })],
    changes,
  ),
});

describe('plans gathered', () => {
  it('are in the order of promotion, whatever the order of files; those nobody expected last', () => {
    const files = ['prod', 'zz-new', 'dev', 'asia-new', 'staging'].map((name) => file(name));
    const { plans, unplanned } = gatherPlans(files, EXPECTED);
    assert.deepEqual(
      plans.map((plan) => plan.environment),
      ['dev', 'staging', 'prod', 'asia-new', 'zz-new'],
    );
    assert.deepEqual(unplanned, []);
  });

  it('name what is missing', () => {
    const { unplanned } = gatherPlans([file('dev')], EXPECTED);
    assert.deepEqual(unplanned, [
      { environment: 'staging', reason: 'its job left no plan' },
      { environment: 'prod', reason: 'its job left no plan' },
    ]);
  });

  it('give the reason a failed job printed, or why its file is no plan', () => {
    const failed = JSON.stringify({ ok: false, error: { code: 'X', message: 'No credentials.' } });
    const { unplanned } = gatherPlans(
      [{ path: 'staging.json', text: failed }, { path: 'prod.json', text: '' }, file('dev')],
      EXPECTED,
    );
    assert.equal(unplanned[0]?.reason, 'No credentials.');
    assert.match(unplanned[1]?.reason ?? '', /prod\.json holds no plan: it is no JSON/);
  });

  it('take the plan of a job that failed because of what is planned', () => {
    const { text } = file('dev');
    const refused = { ok: false, error: { code: 'PLAN_REFUSED', message: 'Data is lost.' }, ...JSON.parse(text) };
    const { plans, unplanned } = gatherPlans([{ path: 'dev.json', text: JSON.stringify(refused) }], EXPECTED);
    assert.deepEqual(
      plans.map(({ environment }) => environment),
      ['dev'],
    );
    assert.ok(!unplanned.some(({ environment }) => environment === 'dev'));
  });

  it('say once what changed in the configuration, though each document has it', () => {
    const gone = change('old', '');
    const { configChanges } = gatherPlans(
      [file('prod', gone, change('prod', 'a')), file('dev', gone, change('dev', 'a'))],
      EXPECTED,
    );
    assert.deepEqual(
      configChanges.map((each) => `${each.environment} ${each.path}`),
      ['dev a', 'prod a', 'old '],
    );
  });

  it('refuse a file that is nothing, and two plans of one environment', () => {
    assert.throws(() => gatherPlans([{ path: 'notes.json', text: '{}' }], EXPECTED), { code: 'PLAN_UNREADABLE' });
    assert.throws(() => gatherPlans([file('dev'), { ...file('dev'), path: 'again.json' }], EXPECTED), {
      code: 'USAGE',
    });
  });
});
