/**
 * What keeps runs apart, ends them, and lets them through: time limits, concurrency, waves. Pure.
 */
import { WAVE_JOBS } from '../../core/workflow/waves-of-jobs.ts';
import type { Rule } from './rules.ts';
import { isWorkflow, jobsOf } from './workflow-files.ts';

/** As long as the session of a role lasts: what goes on after it could not clean up. */
const LONGEST_MINUTES = 60;

const list = (needs: string | readonly string[] = []): readonly string[] =>
  typeof needs === 'string' ? [needs] : needs;

export const gateRules: Readonly<Record<string, Rule>> = {
  'time-limited': (workflow) =>
    jobsOf(workflow)
      .filter(([, { steps }]) => isWorkflow(workflow.file) && steps !== undefined)
      .filter(([, job]) => !((job['timeout-minutes'] ?? Number.POSITIVE_INFINITY) <= LONGEST_MINUTES))
      .map(([id]) => `${id} needs timeout-minutes, at most ${LONGEST_MINUTES}`),

  'jobs-named': (workflow) =>
    isWorkflow(workflow.file)
      ? jobsOf(workflow)
          .filter(([, { name }]) => !name)
          .map(([id]) => `${id} has no name a person reads`)
      : [],

  // A job that waits for approval holds its concurrency group, and a newer pending run cancels the older.
  'gates-hold-no-group': (workflow, all) => {
    const gated = jobsOf(workflow).some(([, job]) => {
      const called = job.uses?.startsWith('./') ? all.get(job.uses.slice(2)) : undefined;
      return job.environment !== undefined || (called && jobsOf(called).some(([, { environment }]) => environment));
    });
    if (!gated) return [];
    return [
      ...(workflow.data.concurrency === undefined ? [] : ['a workflow with gated jobs has a concurrency group']),
      ...jobsOf(workflow)
        .filter(([, { concurrency }]) => concurrency !== undefined)
        .map(([id]) => `${id} has a concurrency group`),
    ];
  },

  'legs-independent': (workflow) =>
    jobsOf(workflow)
      .filter(([, { strategy }]) => strategy?.matrix !== undefined && strategy['fail-fast'] !== false)
      .map(([id]) => `${id} lets the failure of one environment cut another one off`),

  'environments-from-files': (workflow) =>
    jobsOf(workflow).flatMap(([id, { strategy }]) => {
      const matrix = strategy?.matrix as Readonly<Record<string, unknown>> | undefined;
      if (matrix === undefined) return [];
      const from = /^\$\{\{ fromJSON\(needs\.[\w-]+\.outputs\.[\w-]+\) \}\}$/;
      return Object.values(matrix).every((value) => from.test(String(value)))
        ? []
        : [`${id} lists its environments itself`];
    }),

  'waves-complete': (workflow) => {
    if (workflow.file !== '.github/workflows/promote.yml') return [];
    const jobs = new Map(jobsOf(workflow));
    const numbers = Array.from({ length: WAVE_JOBS }, (_, index) => index + 1);
    const extra = [...jobs.keys()].filter((id) => /^wave-/.test(id) && !numbers.some((n) => id === `wave-${n}`));
    return [
      ...extra.map((id) => `${id} is beyond WAVE_JOBS`),
      ...numbers.flatMap((n) => {
        const job = jobs.get(`wave-${n}`);
        if (job === undefined) return [`wave-${n} is missing`];
        const before = n === 1 ? ['build'] : ['build', `wave-${n - 1}`];
        const missing = before.filter((each) => !list(job.needs).includes(each));
        const own = [String((job.strategy?.matrix as Record<string, unknown> | undefined)?.['leg']), job.if ?? ''];
        return [
          ...missing.map((each) => `wave-${n} does not wait for ${each}`),
          ...(own.every((text) => text.includes(`outputs.wave-${n}`)) ? [] : [`wave-${n} is not made of its own wave`]),
        ];
      }),
    ];
  },
};
