/** Reviewers: what may stand in the file, every problem of it in one go, and whom an environment asks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { renderJsonSchema, reviewersJsonSchema } from './json-schema.ts';
import { ConfigurationError } from './load.ts';
import { loadReviewers } from './load-reviewers.ts';
import { reviewersOf } from './reviewers.ts';
import { withFolder } from './testing/configuration-folder.ts';

const REVIEWERS = { pullRequestApprovals: 1, approvers: ['@org/platform', '@ann'], onCall: ['@org/on-call'] };

const load = (content: unknown) =>
  withFolder({ github: content }, (folder) =>
    loadReviewers({ file: path.join(folder, 'github.json'), environments: ['dev', 'prod'] }),
  );

/** `path: found; allowed`, each. */
function problems(content: unknown): string[] {
  try {
    load(content);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.problems.map(({ path: at, found, allowed }) => `${at}: ${found}; ${allowed}`);
  }
}

const environment = (name: string, approval: boolean) => ({ name, promotion: { after: null, approval, freeze: null } });

describe('reviewers', () => {
  test('the shipped file loads for any environments', () => {
    const { exceptions, approvers, onCall } = loadReviewers({ environments: ['dev'] });
    assert.deepEqual(exceptions, []);
    assert.ok(approvers.length > 0 && onCall.length > 0);
  });

  test('the JSON schema is what the zod schema gives', () => {
    const generated = readFileSync(path.join(import.meta.dirname, 'schema', 'reviewers.schema.json'), 'utf8');
    assert.equal(generated, renderJsonSchema(reviewersJsonSchema()), 'renew it with `npm run schema` and commit it');
  });

  test('nobody, more than six, and what is neither user nor team are refused, all at once', () => {
    const seven = ['@a', '@b', '@c', '@d', '@e', '@f', '@g'];
    const found = problems({
      pullRequestApprovals: 0,
      approvers: [],
      onCall: seven,
      exceptions: [{ enviroment: 'dev' }],
    });
    assert.equal(found.length, 5);
    assert.match(found.join('\n'), /^pullRequestApprovals: 0; a whole number from 1 to 10/m);
    assert.match(found.join('\n'), /^approvers: \[\]; a list of 1 to 6/m);
    assert.match(found.join('\n'), /^onCall: \[.*; a list of 1 to 6/m);
    assert.match(found.join('\n'), /"environment"\?/);
    for (const wrong of ['ann', '@', '@a/b/c', '@-ann', '@ann smith', '@*']) {
      assert.deepEqual(
        problems({ ...REVIEWERS, approvers: [wrong] }).map((each) => each.split(';')[1]),
        [
          ' a user as "@login", or a team as "@organization/team" (Who may approve: a user or a team that may read the repository)',
        ],
      );
    }
  });

  test('exceptions are for environments that are there, once each, and nobody is named twice', () => {
    const exceptions = [
      { environment: 'qa', approvers: ['@ann'] },
      { environment: 'dev', onCall: ['@ann', '@Ann'] },
      { environment: 'dev' },
    ];
    assert.deepEqual(problems({ ...REVIEWERS, approvers: ['@ann', '@bob', '@ann'], exceptions }), [
      'approvers[2]: "@ann" again; each reviewer once',
      'exceptions[0].environment: "qa"; one of dev, prod',
      'exceptions[1].onCall[1]: "@Ann" again; each reviewer once',
      'exceptions[2].environment: "dev" again; one exception per environment',
    ]);
  });

  test('approvers are asked where promotion wants approval; those on call for every rollback; exceptions go before', () => {
    const config = load({ ...REVIEWERS, exceptions: [{ environment: 'prod', approvers: ['@cfo'] }] });
    assert.deepEqual(reviewersOf(environment('dev', false), config), { approvers: [], onCall: ['@org/on-call'] });
    assert.deepEqual(reviewersOf(environment('prod', true), config), { approvers: ['@cfo'], onCall: ['@org/on-call'] });
    assert.deepEqual(reviewersOf(environment('prod-eu', true), config).approvers, ['@org/platform', '@ann']);
  });
});
