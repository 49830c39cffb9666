/** A story as the rehearsal tells it, with times as they come. */
import type { TimelineEvent } from '../timeline.ts';

const start = Date.parse('2026-03-02T09:00:00.000Z');
const at = (seconds: number): Date => new Date(start + seconds * 1000);

type Told = Omit<TimelineEvent, 'at' | 'until' | 'chapter' | 'status'> & {
  readonly from: number;
  readonly to?: number;
  readonly status?: TimelineEvent['status'];
};

const chapter = (title: string, begins: number, told: readonly Told[]): TimelineEvent[] =>
  told.map(({ from, to, status = 'ok', ...event }) => ({
    ...event,
    status,
    chapter: title,
    at: at(begins + from),
    ...(to !== undefined && { until: at(begins + to) }),
  }));

const run = (title: string, to: number, status?: TimelineEvent['status']): Told => ({
  lane: 'github',
  kind: 'run',
  title,
  detail: 'by alice',
  from: 0,
  to,
  ...(status && { status }),
});
const job = (lane: string, title: string, from: number, to: number, status?: TimelineEvent['status']): Told => ({
  lane,
  kind: 'job',
  title,
  from,
  to,
  ...(status && { status }),
});

export const SAMPLE_TIMELINE: readonly TimelineEvent[] = [
  ...chapter('A pull request changes memory', 0, [
    run('pull-request', 41.2),
    job('github', 'Check and test', 0.6, 24.1),
    job('github', 'Build the release', 0.6, 14),
    job('dev', 'Diff dev', 14.4, 26),
    job('staging', 'Diff staging', 14.4, 27.5),
    job('prod', 'Diff prod', 14.4, 28),
    {
      lane: 'dev',
      kind: 'decision',
      title: 'gitops-read-dev given',
      detail: 'sub, aud and job_workflow_ref hold',
      from: 19,
    },
    { lane: 'staging', kind: 'decision', title: 'gitops-read-staging given', from: 20 },
    { lane: 'prod', kind: 'decision', title: 'gitops-read-prod given', from: 20.2 },
    job('github', 'Comment', 28.3, 36),
    { lane: 'github', kind: 'comment', title: 'comment on #1', detail: 'one, for all environments', from: 35 },
    job('github', 'Verdict', 36.5, 40.8),
  ]),
  ...chapter('The merge travels', 60, [
    run('promote', 118),
    job('github', 'Build the release', 0.5, 14),
    job('dev', 'Wave 1: dev / Deploy and validate', 15, 42),
    job('staging', 'Wave 2: staging / Deploy and validate', 43, 70),
    job('prod', 'Wave 3: prod / Plan', 71, 84),
    { lane: 'prod', kind: 'approval', title: 'alice may not approve', status: 'refused', from: 85 },
    { lane: 'prod', kind: 'approval', title: 'carol approved', from: 84.5, to: 88 },
    job('prod', 'Wave 3: prod / Deploy and validate', 88, 117),
    { lane: 'dev', kind: 'decision', title: 'gitops-deploy-dev given', from: 19 },
    { lane: 'prod', kind: 'decision', title: 'gitops-deploy-prod given', from: 92 },
  ]),
  ...chapter('A change that breaks the processing', 200, [
    run('promote', 66, 'failed'),
    job('github', 'Build the release', 0.5, 13),
    job('dev', 'Wave 1: dev / Deploy and validate', 14, 65.5, 'failed'),
    { lane: 'dev', kind: 'rollback', title: 'dev rolled back by itself', status: 'failed', from: 52 },
    { lane: 'prod', kind: 'note', title: 'prod untouched', status: 'neutral', from: 65.6 },
  ]),
  ...chapter('Drift', 280, [
    run('drift', 30),
    job('dev', 'Drift of dev', 8, 28, 'failed'),
    { lane: 'dev', kind: 'issue', title: 'issue #2 opened', status: 'failed', from: 27 },
    { lane: 'dev', kind: 'issue', title: 'issue #2 closed', from: 30 },
    ...Array.from(
      { length: 12 },
      (_, index): Told => ({
        lane: 'staging',
        kind: 'decision',
        title: 'gitops-read-staging refused',
        status: 'refused',
        from: 10 + index / 10,
      }),
    ),
  ]),
];
