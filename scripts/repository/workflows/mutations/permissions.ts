/** Who may do what, made worse. */
import { DEPLOY, DRIFT, type Mutation, PROMOTE, PULL_REQUEST } from './mutation.ts';

export const permissions: readonly Mutation[] = [
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
];
