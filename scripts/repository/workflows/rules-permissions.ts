/**
 * Who may do what: nothing on top, the least in each job, each grant with its reason, and no job that holds what must be
 * apart. Pure.
 */
import type { Rule } from './rules.ts';
import { isWorkflow, type Job, jobsOf, type Parsed } from './workflow-files.ts';

type Grants = Readonly<Record<string, string>>;

const AWS = 'aws-actions/configure-aws-credentials';

/** What an action or a verb can't do without. */
const NEEDS: readonly (readonly [pattern: RegExp, grants: Grants])[] = [
  [/^actions\/checkout@/, { contents: 'read' }],
  [new RegExp(`^${AWS}@`), { 'id-token': 'write' }],
  [/^actions\/attest@/, { 'id-token': 'write', attestations: 'write' }],
  [/^npm run --silent comment\b/, { 'pull-requests': 'write' }],
  [/^npm run --silent reviewed\b/, { 'pull-requests': 'read', actions: 'read' }],
  [/^npm run --silent drift\b.*--report-issue/, { issues: 'write' }],
];

const usesAws = (job: Job): boolean => (job.steps ?? []).some(({ uses }) => uses?.startsWith(`${AWS}@`));
const grantsOf = ({ permissions }: Job): Grants => (typeof permissions === 'object' ? permissions : {});

/** The grants a job's steps need, or, where it calls a workflow, those of all jobs there. */
function needed(job: Job, all: ReadonlyMap<string, Parsed>): Grants {
  const called = job.uses?.startsWith('./') ? all.get(job.uses.slice(2)) : undefined;
  if (called) return Object.assign({}, ...jobsOf(called).map(([, inner]) => grantsOf(inner)));
  const lines = (job.steps ?? []).map(({ uses, run }) => uses ?? run ?? '');
  return Object.assign({}, ...NEEDS.filter(([pattern]) => lines.some((line) => pattern.test(line))).map(([, g]) => g));
}

export const permissionRules: Readonly<Record<string, Rule>> = {
  'nothing-on-top': ({ file, data }) =>
    !isWorkflow(file) || JSON.stringify(data.permissions) === '{}' ? [] : ['permissions: {} belongs on top'],

  'grants-named': (workflow) =>
    isWorkflow(workflow.file)
      ? jobsOf(workflow)
          .filter(([, { permissions }]) => typeof permissions !== 'object')
          .map(([id]) => `${id} does not name its permissions, one by one`)
      : [],

  'grants-explained': (workflow) =>
    jobsOf(workflow).flatMap(([id, job]) =>
      Object.keys(grantsOf(job))
        .filter((grant) => workflow.commentAt(['jobs', id, 'permissions', grant]) === '')
        .map((grant) => `${id} does not say why it needs ${grant}`),
    ),

  'grants-exact': (workflow, all) =>
    jobsOf(workflow).flatMap(([id, job]) => {
      if (!isWorkflow(workflow.file)) return [];
      const [has, needs] = [grantsOf(job), needed(job, all)];
      const names = [...new Set([...Object.keys(has), ...Object.keys(needs)])];
      return names
        .filter((name) => has[name] !== needs[name])
        .map((name) => `${id} has ${name}: ${has[name] ?? 'none'} and needs ${needs[name] ?? 'none'}`);
    }),

  // What a pull request can change must never run beside a token that can write to the repository.
  'comment-apart': (workflow) =>
    jobsOf(workflow).flatMap(([id, job]) => {
      if (grantsOf(job)['pull-requests'] !== 'write') return [];
      const checkouts = (job.steps ?? []).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions, as it stands in the file
      const base = '${{ github.event.pull_request.base.sha }}';
      return [
        ...(usesAws(job) ? [`${id} may write to pull requests and holds credentials of AWS`] : []),
        ...(checkouts.every((step) => step.with?.['ref'] === base) ? [] : [`${id} does not check out the base branch`]),
      ];
    }),

  'no-long-lived-keys': (workflow) =>
    jobsOf(workflow).flatMap(([id, job]) =>
      (job.steps ?? [])
        .filter(({ uses, with: inputs = {} }) => uses?.startsWith(`${AWS}@`) && !('role-to-assume' in inputs))
        .map(() => `${id} takes on no role`),
    ),

  // Environments protect roles: whoever deploys or destroys waits for its reviewers.
  'role-behind-environment': (workflow) =>
    jobsOf(workflow).flatMap(([id, job]) => {
      const roles = (job.steps ?? []).map((step) => String(step.with?.['role-to-assume'] ?? ''));
      const writes = roles.some((role) => /(deploy|destroy)-role/.test(role));
      return writes && job.environment === undefined
        ? [`${id} takes on a role that changes things in no environment`]
        : [];
    }),

  'no-privileged-trigger': ({ data }) =>
    Object.keys(data.on ?? {})
      .filter((event) => ['pull_request_target', 'workflow_run', 'issue_comment', 'issues'].includes(event))
      .map((event) => `${event} runs with the base branch's rights for what anybody sends`),
};
