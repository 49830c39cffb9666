/** Each check notices what it is there for: a workflow changed for the worse, once per line of the tables. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { readHouse } from './house.ts';
import { gates } from './mutations/gates.ts';
import { linters } from './mutations/linters.ts';
import { mutated } from './mutations/mutation.ts';
import { permissions } from './mutations/permissions.ts';
import { scripts } from './mutations/scripts.ts';
import { supply } from './mutations/supply.ts';
import { type House, judgeWorkflows, RULES } from './rules.ts';
import { readWorkflowFiles } from './workflow-files.ts';

const files = readWorkflowFiles();
const mutations = [...supply, ...permissions, ...scripts, ...gates];

describe('a workflow changed for the worse is noticed by the rules of the house:', () => {
  let house: House;
  before(async () => {
    house = await readHouse(files);
  });

  for (const mutation of mutations) {
    it(mutation.what, () => {
      const findings = judgeWorkflows(mutated(files, mutation), house);
      assert.ok(
        findings.some(({ file, rule }) => file === mutation.file && rule === mutation.rule),
        `${mutation.rule} says nothing; said was ${JSON.stringify(findings)}`,
      );
    });
  }

  it('each of which was tried', () => {
    const tried = new Set(mutations.map(({ rule }) => rule));
    assert.deepEqual(
      Object.keys(RULES).filter((rule) => !tried.has(rule)),
      [],
    );
  });
});

describe('and by', () => {
  for (const { by, says, ...change } of linters) {
    it(`${by.name}: ${change.what}`, async () => {
      const findings = await by(mutated(files, change));
      const said = findings.map(({ rule, message }) => `${rule}: ${message}`).join('\n');
      assert.match(said, says);
    });
  }
});
