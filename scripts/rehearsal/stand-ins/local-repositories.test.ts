/** Every marketplace action of the workflows has a stand-in, of its major version, that knows its inputs. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readWorkflowFiles } from '../../repository/workflows/workflow-files.ts';
import { localRepositories, unexpectedInputs, usedActions } from './local-repositories.ts';

const here = import.meta.dirname;
const texts = [...readWorkflowFiles().values()];
const sha = 'a'.repeat(40);
const step = (uses: string, inputs = ''): string => `jobs:\n  a:\n    steps:\n      - uses: ${uses}\n${inputs}`;

describe('the stand-ins', () => {
  it('are there for every action of .github', () => {
    const found = localRepositories(texts, here);
    const used = new Set(texts.flatMap(usedActions).map(({ repository, ref }) => `${repository}@${ref}`));
    assert.ok(used.size >= 7, `only ${used.size} actions were found: the scan is broken`);
    assert.deepEqual(
      found.map((line) => line.split('=')[0]),
      [...used].sort(),
    );
    for (const line of found) assert.match(line, /^[\w-]+\/[\w-]+@[0-9a-f]{40}=\/.+\/stand-ins\/[\w-]+$/);
  });

  it('know every input the workflows give', () => {
    assert.deepEqual(unexpectedInputs(texts, here), []);
  });

  it('are no more than what is used', () => {
    const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const standIns = folders.map(({ name }) => name).filter((name) => !['bin', 'shared', 'testing'].includes(name));
    const used = texts.flatMap(usedActions).map(({ repository }) => repository.split('/')[1]);
    assert.deepEqual(standIns.sort(), [...new Set(used)].sort());
  });

  it('run their own main.ts with all of their inputs', () => {
    for (const folder of new Set(texts.flatMap(usedActions).map(({ repository }) => repository.split('/')[1] ?? ''))) {
      const text = readFileSync(join(here, folder, 'action.yml'), 'utf8');
      assert.ok(text.includes(`"$REHEARSAL_STAND_INS/${folder}/main.ts"`), folder);
      assert.match(text, /INPUTS: \$\{\{ toJSON\(inputs\) \}\}/, folder);
    }
  });
});

describe('a workflow that the stand-ins do not fit', () => {
  it('is refused for an action without a stand-in', () => {
    assert.throws(() => localRepositories([step(`acme/unheard-of@${sha}`)], here), /acme\/unheard-of has no stand-in/);
  });

  it('is refused for another owner of the same name', () => {
    assert.throws(() => localRepositories([step(`eve/checkout@${sha}`)], here), /stands for actions\/checkout/);
  });

  it('is refused for another major version', () => {
    assert.throws(() => localRepositories([step(`actions/checkout@${sha} # v8.0.0`)], here), /plays v7.*new in v8/);
  });

  it('is told of an input the action does not know', () => {
    const text = step(
      `actions/checkout@${sha} # v7.0.1`,
      '        with:\n          fetch-deep: 2\n          ref: main\n',
    );
    assert.match(
      unexpectedInputs([text], here).join(),
      /^Unexpected input\(s\) for actions\/checkout: fetch-deep; it takes/,
    );
  });

  it('may use what is its own', () => {
    assert.deepEqual(localRepositories([step('./.github/actions/setup')], here), []);
  });
});
