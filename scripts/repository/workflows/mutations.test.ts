/** Each check notices what it is there for: a workflow changed for the worse, once per line of the table. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { readHouse } from './house.ts';
import { actionlint, languageService, zizmor } from './linters.ts';
import { type House, judgeWorkflows } from './rules.ts';
import { type Finding, readWorkflowFiles, type WorkflowFiles } from './workflow-files.ts';

const files = readWorkflowFiles();
const [PULL_REQUEST, PROMOTE, DEPLOY, ROLLBACK, DRIFT, DESTROY] = [
  'pull-request',
  'promote',
  'deploy',
  'rollback',
  'drift',
  'destroy',
].map((name) => `.github/workflows/${name}.yml`) as [string, string, string, string, string, string];
const SETUP = '.github/actions/setup/action.yml';

interface Mutation {
  readonly what: string;
  readonly file: string;
  /** The first place where it is found. */
  readonly from: string | RegExp;
  readonly to: string;
  /** The rule of the house that says so. */
  readonly rule: string;
}

const TITLE = '${' + '{ github.event.pull_request.title }}';
const ENVIRONMENT = '${' + '{ matrix.leg.environment }}';

const mutations: readonly Mutation[] = [
  // Supply
  {
    what: 'an action by its tag',
    file: PULL_REQUEST,
    from: /checkout@\w+ # v7.0.1/,
    to: 'checkout@v7',
    rule: 'actions-pinned',
  },
  {
    what: 'an action in the composite by its branch',
    file: SETUP,
    from: /setup-node@\w+ # v\S+/,
    to: 'setup-node@main',
    rule: 'actions-pinned',
  },
  { what: 'a pin that does not say its version', file: DEPLOY, from: ' # v2.20.1', to: '', rule: 'actions-pinned' },
  {
    what: 'another commit of an action than elsewhere',
    file: DRIFT,
    from: 'checkout@3d3c42e5',
    to: 'checkout@00000000',
    rule: 'one-pin-per-action',
  },
  {
    what: 'a job without a hardened runner',
    file: PROMOTE,
    from: /- name: Harden the runner\n.*\n.*\n.*\n {6}/,
    to: '',
    rule: 'runner-hardened',
  },
  {
    what: 'a runner that changes by itself',
    file: PROMOTE,
    from: 'ubuntu-24.04',
    to: 'ubuntu-latest',
    rule: 'runner-named',
  },
  {
    what: 'a token left in the work tree',
    file: PULL_REQUEST,
    from: 'persist-credentials: false',
    to: 'persist-credentials: true',
    rule: 'credentials-not-kept',
  },
  {
    what: 'a check-out that says nothing of it',
    file: DESTROY,
    from: /\n\s+with:\n\s+persist-credentials: false/,
    to: '',
    rule: 'credentials-not-kept',
  },
  {
    what: 'every secret handed on',
    file: PROMOTE,
    from: '    uses: ./.github/workflows/deploy.yml\n',
    to: '    secrets: inherit\n    uses: ./.github/workflows/deploy.yml\n',
    rule: 'secrets-by-name',
  },
  {
    what: 'a secret nobody makes',
    file: DRIFT,
    from: 'github.token',
    to: 'secrets.ISSUE_TOKEN',
    rule: 'secrets-by-name',
  },
  {
    what: 'a variable nobody makes',
    file: PROMOTE,
    from: 'vars.ATTEST_RELEASES',
    to: 'vars.ATTEST',
    rule: 'variables-known',
  },
  {
    what: 'an input that is not passed',
    file: PROMOTE,
    from: / {6}region: .*\n/,
    to: '',
    rule: 'inputs-declared-and-passed',
  },
  {
    what: 'an input that is not declared',
    file: ROLLBACK,
    from: /( {6})hold: (.*inputs.hold)/,
    to: '$1keep: $2',
    rule: 'inputs-declared-and-passed',
  },
  {
    what: 'a set-up without the variables',
    file: DEPLOY,
    from: /\n\s+with:\n\s+variables: .*/,
    to: '',
    rule: 'inputs-declared-and-passed',
  },
  // Permissions
  {
    what: 'a trigger with the rights of the base branch',
    file: PULL_REQUEST,
    from: '  pull_request:',
    to: '  pull_request_target:',
    rule: 'no-privileged-trigger',
  },
  {
    what: 'every right',
    file: PULL_REQUEST,
    from: 'permissions: {}',
    to: 'permissions: write-all',
    rule: 'nothing-on-top',
  },
  {
    what: 'every right in a job',
    file: PULL_REQUEST,
    from: /permissions:\n {6}contents: read # check out\n/,
    to: 'permissions: write-all\n',
    rule: 'grants-named',
  },
  { what: 'no token for AWS', file: DRIFT, from: / {6}id-token: write.*\n/, to: '', rule: 'grants-exact' },
  {
    what: 'no right to comment',
    file: PULL_REQUEST,
    from: / {6}pull-requests: write.*\n/,
    to: '',
    rule: 'grants-exact',
  },
  {
    what: 'a caller that grants less than what it calls',
    file: PROMOTE,
    from: /(wave-1:[\s\S]*?) {6}id-token: write.*\n/,
    to: '$1',
    rule: 'grants-exact',
  },
  {
    what: 'a right nobody needs',
    file: PROMOTE,
    from: '      contents: read # check out\n',
    to: '      contents: write # check out\n',
    rule: 'grants-exact',
  },
  {
    what: 'a right without a reason',
    file: DRIFT,
    from: /issues: write #.*/,
    to: 'issues: write',
    rule: 'grants-explained',
  },
  {
    what: 'the pull request’s scripts beside a token that writes',
    file: PULL_REQUEST,
    from: /\n\s+ref: .*base\.sha \}\}/,
    to: '',
    rule: 'comment-apart',
  },
  {
    what: 'credentials of AWS beside a token that writes',
    file: PULL_REQUEST,
    from: '      - name: Comment\n',
    to: '      - name: Role\n        uses: aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3\n      - name: Comment\n',
    rule: 'comment-apart',
  },
  {
    what: 'keys of AWS instead of a role',
    file: DEPLOY,
    from: /role-to-assume: .*/,
    to: 'aws-access-key-id: AKIA',
    rule: 'no-long-lived-keys',
  },
  {
    what: 'a deployment without reviewers',
    file: DEPLOY,
    from: / {4}environment:\n {6}name: .*\n {6}url: .*\n/,
    to: '',
    rule: 'role-behind-environment',
  },
  // Scripts
  {
    what: 'the title of a pull request in a shell',
    file: PULL_REQUEST,
    from: 'run: npm test',
    to: `run: npm test -- "${TITLE}"`,
    rule: 'no-expression-in-shell',
  },
  {
    what: 'an environment’s name in a shell',
    file: DRIFT,
    from: '"$ENVIRONMENT"',
    to: `"${ENVIRONMENT}"`,
    rule: 'no-expression-in-shell',
  },
  { what: 'a script nobody wrote', file: PROMOTE, from: 'npm run synth', to: 'npm run build', rule: 'scripts-exist' },
  {
    what: 'an option the verb does not know',
    file: DEPLOY,
    from: '--predecessor-validated',
    to: '--force',
    rule: 'options-known',
  },
  {
    what: 'an option that would be cut short',
    file: DESTROY,
    from: '--confirm ',
    to: '--conf ',
    rule: 'options-known',
  },
  {
    what: 'a program in YAML',
    file: PROMOTE,
    from: 'run: npm run matrix',
    to: 'run: npm run matrix | tee matrix.txt',
    rule: 'one-script-per-step',
  },
  {
    what: 'two commands',
    file: PULL_REQUEST,
    from: 'run: npm run synth',
    to: 'run: npm run synth && npm run matrix',
    rule: 'one-script-per-step',
  },
  {
    what: 'a variable that falls apart',
    file: DRIFT,
    from: '"$ENVIRONMENT"',
    to: '$ENVIRONMENT',
    rule: 'variables-given-and-quoted',
  },
  {
    what: 'a variable nobody sets',
    file: DEPLOY,
    from: '          REASON: ',
    to: '          REASONS: ',
    rule: 'variables-given-and-quoted',
  },
  {
    what: 'a step without a name',
    file: ROLLBACK,
    from: '- name: Set up\n        uses',
    to: '- uses',
    rule: 'steps-named',
  },
  // Gates
  { what: 'no time limit', file: PULL_REQUEST, from: / {4}timeout-minutes: \d+\n/, to: '', rule: 'time-limited' },
  {
    what: 'a time limit nobody waits for',
    file: DEPLOY,
    from: /timeout-minutes: \d+/,
    to: 'timeout-minutes: 360',
    rule: 'time-limited',
  },
  { what: 'a job without a name', file: PROMOTE, from: /wave-2:\n {4}name: .*\n/, to: 'wave-2:\n', rule: 'jobs-named' },
  {
    what: 'a group held while waiting for approval',
    file: PROMOTE,
    from: 'permissions: {}',
    to: 'concurrency: promote\n\npermissions: {}',
    rule: 'gates-hold-no-group',
  },
  {
    what: 'a gated job that holds a group',
    file: DESTROY,
    from: '    environment:\n      name',
    to: '    concurrency: destroy\n    environment:\n      name',
    rule: 'gates-hold-no-group',
  },
  {
    what: 'one environment cutting another off',
    file: PROMOTE,
    from: /fail-fast: false.*/,
    to: 'fail-fast: true',
    rule: 'legs-independent',
  },
  {
    what: 'environments in YAML',
    file: DRIFT,
    from: /leg: \$\{\{.*/,
    to: 'leg: [dev, staging, prod]',
    rule: 'environments-from-files',
  },
  {
    what: 'a wave that waits for nobody',
    file: PROMOTE,
    from: 'needs: [build, wave-2]',
    to: 'needs: [build]',
    rule: 'waves-complete',
  },
  {
    what: 'a wave of another wave’s environments',
    file: PROMOTE,
    from: 'fromJSON(needs.build.outputs.wave-3)',
    to: 'fromJSON(needs.build.outputs.wave-2)',
    rule: 'waves-complete',
  },
  { what: 'a wave that is gone', file: PROMOTE, from: /\n {2}wave-5:[\s\S]*$/, to: '\n', rule: 'waves-complete' },
];

/** @throws AssertionError when there is nothing to change: a mutation that changes nothing proves nothing. */
function mutated({ file, from, to }: Pick<Mutation, 'file' | 'from' | 'to'>): WorkflowFiles {
  const text = files.get(file) ?? assert.fail(`${file} is not there`);
  const changed = text.replace(from, to);
  assert.notEqual(changed, text, `${String(from)} is not in ${file}`);
  return new Map([...files, [file, changed]]);
}

describe('a workflow changed for the worse is noticed by the rules of the house:', () => {
  let house: House;
  before(async () => {
    house = await readHouse(files);
  });

  for (const mutation of mutations) {
    it(mutation.what, () => {
      const findings = judgeWorkflows(mutated(mutation), house);
      assert.ok(
        findings.some(({ file, rule }) => file === mutation.file && rule === mutation.rule),
        `${mutation.rule} says nothing; said was ${JSON.stringify(findings)}`,
      );
    });
  }
});

type Linter = (files: WorkflowFiles) => Promise<readonly Finding[]>;

const byLinters: readonly (Omit<Mutation, 'rule'> & { readonly by: Linter; readonly says: RegExp })[] = [
  {
    what: 'a title in a shell',
    file: PULL_REQUEST,
    from: 'run: npm test',
    to: `run: echo "${TITLE}"`,
    by: actionlint,
    says: /untrusted/,
  },
  {
    what: 'a job nobody has',
    file: PROMOTE,
    from: 'needs: [build, wave-1]',
    to: 'needs: [build, wave-0]',
    by: actionlint,
    says: /wave-0/,
  },
  {
    what: 'a runner nobody has',
    file: PROMOTE,
    from: 'ubuntu-24.04',
    to: 'ubuntu-99.04',
    by: actionlint,
    says: /ubuntu-99/,
  },
  {
    what: 'an expression that is none',
    file: DEPLOY,
    from: '!failure() &&',
    to: '!failure() &',
    by: actionlint,
    says: /expression|unexpected|'&'/,
  },
  {
    what: 'an injection',
    file: PULL_REQUEST,
    from: 'run: npm test',
    to: `run: echo "${TITLE}"`,
    by: zizmor,
    says: /template-injection/,
  },
  {
    what: 'an unpinned action',
    file: PROMOTE,
    from: /checkout@\w+ # v7.0.1/,
    to: 'checkout@v7',
    by: zizmor,
    says: /unpinned-uses/,
  },
  {
    what: 'rights that are too many',
    file: PULL_REQUEST,
    from: 'permissions: {}',
    to: 'permissions: write-all',
    by: zizmor,
    says: /excessive-permissions/,
  },
  {
    what: 'a trigger that is dangerous',
    file: PULL_REQUEST,
    from: '  pull_request:',
    to: '  pull_request_target:',
    by: zizmor,
    says: /dangerous-triggers/,
  },
  {
    what: 'credentials that stay',
    file: PROMOTE,
    from: /\n\s+with:\n\s+persist-credentials: false/,
    to: '',
    by: zizmor,
    says: /artipacked/,
  },
  {
    what: 'secrets that are inherited',
    file: PROMOTE,
    from: '    uses: ./.github/workflows/deploy.yml\n',
    to: '    uses: ./.github/workflows/deploy.yml\n    secrets: inherit\n',
    by: zizmor,
    says: /secrets-inherit/,
  },
  {
    what: 'an input not passed',
    file: ROLLBACK,
    from: / {6}region: .*\n/,
    to: '',
    by: languageService,
    says: /region/,
  },
  {
    what: 'a schedule that is none',
    file: DRIFT,
    from: '25 */6 * * *',
    to: '61 * * * *',
    by: languageService,
    says: /cron/i,
  },
  {
    what: 'a right that does not exist',
    file: DRIFT,
    from: 'issues: write',
    to: 'issue: write',
    by: languageService,
    says: /issue/,
  },
];

describe('and by', () => {
  for (const { by, says, ...mutation } of byLinters) {
    it(`${by.name}: ${mutation.what}`, async () => {
      const findings = await by(mutated(mutation));
      const said = findings.map(({ rule, message }) => `${rule}: ${message}`).join('\n');
      assert.match(said, says);
    });
  }
});
