/** The workflows as they are: nothing for any linter or any rule of the house to say. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { readHouse } from './house.ts';
import { actionlint, languageService, zizmor } from './linters.ts';
import { type House, judgeWorkflows } from './rules.ts';
import { jobsOf, parseWorkflow, ROOT, readWorkflowFiles } from './workflow-files.ts';

const files = readWorkflowFiles();

describe('workflows', { concurrency: true }, () => {
  let house: House;
  before(async () => {
    house = await readHouse(files);
  });

  it('are those of the design', () => {
    assert.deepEqual(
      [...files.keys()],
      [
        '.github/actions/setup/action.yml',
        ...['deploy', 'destroy', 'drift', 'promote', 'pull-request', 'rehearse', 'rollback'].map(
          (name) => `.github/workflows/${name}.yml`,
        ),
      ],
    );
  });

  it('keep the rules of the house', () => assert.deepEqual(judgeWorkflows(files, house), []));
  it('have no finding of actionlint', async () => assert.deepEqual(await actionlint(files), []));
  it('have no finding of zizmor', async () => assert.deepEqual(await zizmor(files), []));
  it("have no finding of GitHub's language service", async () => assert.deepEqual(await languageService(files), []));

  it('call verbs whose options were read', () => {
    for (const verb of [
      'synth',
      'diff',
      'promote',
      'rollback',
      'destroy',
      'matrix',
      'accounts',
      'pending',
      'comment',
    ]) {
      assert.ok(house.verbs.get(verb)?.includes('--env'), `the options of ${verb} are not known`);
    }
  });

  it('have every required check as a job that always runs', async () => {
    const { REQUIRED_CHECKS } = await import('../../core/workflow/repository-settings.ts');
    const parsed = [...files].map(([file, text]) => parseWorkflow(file, text));
    const always = parsed.flatMap(jobsOf).filter(([, job]) => job.if === 'always()');
    assert.deepEqual(
      always.map(([, { name }]) => name),
      REQUIRED_CHECKS,
    );
    const [, verdict] = always[0] ?? [];
    const pullRequest = parsed.find(({ file }) => file.endsWith('/pull-request.yml'));
    const others = jobsOf(pullRequest ?? assert.fail()).map(([id]) => id);
    assert.deepEqual(
      verdict?.needs,
      others.filter((id) => id !== 'verdict'),
    );
  });

  it('leave out an audit with a reason only', () => {
    const lines = readFileSync(join(ROOT, '.github/zizmor.yml'), 'utf8').split('\n');
    const rules = lines.flatMap((line, index) => (/^ {2}[\w-]+:$/.test(line) ? [index] : []));
    assert.ok(rules.length > 0);
    for (const index of rules) assert.match(lines[index + 1] ?? '', /^ {4}# \S/, `no reason under ${lines[index]}`);
    assert.ok(
      [...files.values()].every((text) => !/zizmor: ?ignore/.test(text)),
      'ignored in place, without a reason',
    );
  });

  it('have owners, and their packages are kept up to date', () => {
    assert.match(readFileSync(join(ROOT, '.github/CODEOWNERS'), 'utf8'), /^\/\.github\/\s+@/m);
    const dependabot = parseWorkflow('dependabot.yml', readFileSync(join(ROOT, '.github/dependabot.yml'), 'utf8'))
      .data as unknown as { readonly updates: readonly Record<string, unknown>[] };
    assert.deepEqual(
      dependabot.updates.map((update) => update['package-ecosystem']),
      ['npm', 'github-actions', 'pip'],
    );
    for (const update of dependabot.updates) assert.ok(update['cooldown'] && update['groups']);
    const pip = dependabot.updates.find((update) => update['package-ecosystem'] === 'pip');
    assert.ok(existsSync(join(ROOT, String(pip?.['directory']), 'requirements.txt')));
  });
});
