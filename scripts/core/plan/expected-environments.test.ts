import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectedEnvironments, readMatrix } from './expected-environments.ts';

const names = (...given: Parameters<typeof expectedEnvironments>): string[] =>
  expectedEnvironments(...given).map(({ environment }) => environment);

describe('environments that are expected', () => {
  it('are those of the files, where no pull request is known', () => {
    assert.deepEqual(names(['dev', 'prod']), ['dev', 'prod']);
  });

  it('are in the order of the pull request; what it takes away comes last', () => {
    assert.deepEqual(names(['dev', 'old', 'prod'], ['dev', 'new', 'prod']), ['dev', 'new', 'prod', 'old']);
  });

  it('each have their own reason when they are missing', () => {
    const reasons = expectedEnvironments(['dev', 'old'], ['dev', 'new']).map(({ whenMissing }) => whenMissing);
    assert.match(reasons[0] ?? '', /^its job left no plan$/);
    assert.match(reasons[1] ?? '', /^it is new .*--env new\)/);
    assert.match(reasons[2] ?? '', /takes it away/);
  });

  it('are those of the base where the pull request could not be built, and none of them is taken away', () => {
    const expected = expectedEnvironments(['dev', 'prod'], []);
    assert.deepEqual(
      expected.map(({ environment }) => environment),
      ['dev', 'prod'],
    );
    for (const { whenMissing } of expected) assert.match(whenMissing, /builds the release failed/);
  });
});

describe('the matrix of a workflow', () => {
  it('gives names', () => {
    assert.deepEqual(readMatrix('[{"environment":"dev","account":"1"},{"environment":"prod-eu"}]'), ['dev', 'prod-eu']);
  });

  it('gives none where the job that lists them gave nothing', () => assert.deepEqual(readMatrix(''), []));

  for (const [what, text] of [
    ['white space', ' '],
    ['an empty list, which would hide all', '[]'],
    ['no list', '{"environment":"dev"}'],
    ['a list of something else', '["dev", null]'],
    ['a name that is none', '[{"environment":"`@team`"}]'],
    ['a path', '[{"environment":"../dev"}]'],
    ['one name twice', '[{"environment":"dev"},{"environment":"dev"}]'],
    ['names without end', JSON.stringify(Array.from({ length: 65 }, (_, index) => ({ environment: `e${index}` })))],
  ] as const) {
    it(`is not ${what}`, () => assert.throws(() => readMatrix(text), { code: 'USAGE' }));
  }
});
