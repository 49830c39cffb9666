/** What keeps runs apart and lets them through, made worse. */
import { DEPLOY, DESTROY, DRIFT, type Mutation, PROMOTE, PULL_REQUEST } from './mutation.ts';

export const gates: readonly Mutation[] = [
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
