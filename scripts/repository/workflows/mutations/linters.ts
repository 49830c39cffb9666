/** What the general linters must see; each is asked for what it alone, or it best, knows. */
import { actionlint, languageService, zizmor } from '../linters.ts';
import type { Finding, WorkflowFiles } from '../workflow-files.ts';
import { type Change, DEPLOY, DRIFT, PROMOTE, PULL_REQUEST, ROLLBACK, TITLE } from './mutation.ts';

interface SeenByLinter extends Change {
  readonly by: (files: WorkflowFiles) => Promise<readonly Finding[]>;
  readonly says: RegExp;
}

export const linters: readonly SeenByLinter[] = [
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
    from: '!cancelled() &&',
    to: '!cancelled() &',
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
