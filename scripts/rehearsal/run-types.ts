/** A run of a workflow: what is asked for, and how it went. */
import type { FakeRun } from '../testing/fake-github/world.ts';
import type { JobResult } from './act/log.ts';
import type { Workflows } from './jobs/declared-job.ts';
import type { WorkflowEvent } from './oidc/claims.ts';
import type { World } from './world.ts';

export interface RunRequest {
  /** `promote.yml` */
  readonly workflow: string;
  readonly event: WorkflowEvent;
  /** What the webhook says beyond ref, repository and sender. */
  readonly payload?: object;
  /** `refs/heads/main`, `refs/pull/1/merge` */
  readonly ref: string;
  /** What is checked out. */
  readonly commit: string;
  /** Of a pull request: its branch, the branch's last commit, and whose repository it is in. */
  readonly head?: { readonly ref: string; readonly commit: string; readonly repository: string };
  /** Login of who began it. */
  readonly actor: string;
  /** Acts for the people a job waits for: makes the calls GitHub's page would make. Left out: nobody comes. */
  readonly review?: (wanted: WantedReview) => Promise<void>;
}

export interface WantedReview {
  /** Name of the GitHub environment. */
  readonly environment: string;
  readonly runId: number;
  /** What the jobs before it wrote into the run's summary: what the reviewer sees. */
  readonly summaries: readonly Summary[];
}

export interface Summary {
  readonly job: string;
  readonly markdown: string;
}

export interface FinishedJob {
  /** `Wave 1: dev / Deploy and validate` */
  readonly title: string;
  readonly environment: string | undefined;
  readonly result: JobResult;
  readonly began: Date;
  readonly ended: Date;
}

export interface FinishedRun {
  readonly id: number;
  readonly workflow: string;
  readonly succeeded: boolean;
  readonly jobs: readonly FinishedJob[];
  readonly summaries: readonly Summary[];
  readonly annotations: readonly { readonly job: string; readonly level: string; readonly text: string }[];
  readonly began: Date;
  readonly ended: Date;
  /** All act said. */
  readonly logFile: string;
  /** The last lines of what failed. */
  readonly excerpt: string;
}

/** What a run is about, and the world around it. */
export interface About {
  readonly run: FakeRun;
  /** `.github/workflows/promote.yml` */
  readonly entry: string;
  readonly request: RunRequest;
  readonly workflows: Workflows;
  readonly world: Pick<World, 'github' | 'issuer' | 'timeline'>;
  /** Counts runs from 1. */
  readonly number: number;
}
