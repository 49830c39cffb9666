/**
 * Brings all stacks of an environment to where they can be deployed, side by side.
 *
 * All are looked at first: when one of them needs a person, the others are left as they are too.
 */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../core/clock.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import type { Task } from '../../core/progress.ts';
import { type Refusal, renderRefusal } from '../../core/stacks/refusals.ts';
import { prepareStack as decide, type PreparationContext } from '../../core/stacks/status.ts';
import { type DescribedStack, describeStack } from './describe-stacks.ts';
import { type PreparationAction, type PreparationRun, prepareStack, type StackPreparation } from './prepare-stack.ts';

export type { PreparationAction, StackPreparation } from './prepare-stack.ts';

const DEFAULT_WAIT_MS = 30 * 60_000;
const DEFAULT_POLL_MS = 5_000;

export interface PrepareStacksInput extends PreparationContext {
  readonly stackNames: readonly string[];
  /** Each stack that needs something becomes a child of it. */
  readonly task: Task;
  /** How long to wait for stacks that move, all together; 30 minutes when left out. */
  readonly waitMs?: number;
  /** Between two looks at one stack, give or take a fifth; 5 s when left out. */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
}

export interface PrepareStacksDependencies {
  readonly client: CloudFormationClient;
  readonly clock: Clock;
}

/** Thrown when a stack can't be deployed and nobody but a person can change that. Exit 1. */
export class StacksNotReadyError extends GitOpsError {
  /** All stacks, the ready ones too, with what was done. */
  readonly preparations: readonly StackPreparation[];

  constructor(preparations: readonly StackPreparation[]) {
    const texts = preparations.flatMap(({ refusal }) => (refusal === null ? [] : [renderRefusal(refusal)]));
    super(texts.join('\n'), { code: 'STACKS_NOT_READY', source: 'user', exitCode: EXIT.failed });
    this.preparations = preparations;
  }
}

/**
 * Idempotent: stacks that are ready are looked at and left alone.
 * @returns what was found and done, in the order of the names given; every stack in it can be deployed
 * @throws StacksNotReadyError when one of them can't
 */
export async function prepareStacks(
  input: PrepareStacksInput,
  { client, clock }: PrepareStacksDependencies,
): Promise<StackPreparation[]> {
  const { stackNames, signal, waitMs = DEFAULT_WAIT_MS, pollMs = DEFAULT_POLL_MS } = input;
  const startedAt = clock.now();
  const found = await Promise.all(stackNames.map((name) => describeStack(client, name, signal)));

  const hopeless = found.map((stack) => refuseAtOnce(stack, input));
  if (hopeless.some(({ refusal }) => refusal !== null)) throw new StacksNotReadyError(hopeless);

  const run = { client, clock, context: input, pollMs, startedAt, deadline: startedAt + waitMs, signal };
  const settled = await Promise.allSettled(found.map((stack) => prepareOne(stack, input.task, run)));
  // Only when all have come to an end: an operation of ours must not go on unseen behind an error.
  const preparations = settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  if (preparations.some(({ refusal }) => refusal !== null)) throw new StacksNotReadyError(preparations);
  return preparations;
}

/** Without touching anything: is there a stack that only a person can mend? */
function refuseAtOnce(stack: DescribedStack, context: PreparationContext): StackPreparation {
  const step = decide(stack, context);
  const refusal: Refusal | null = step.step === 'refuse' ? step.refusal : null;
  const deployAs = step.step === 'ready' ? step.deployAs : null;
  return { stackName: stack.name, before: stack.state, after: stack.state, did: [], deployAs, refusal };
}

async function prepareOne(
  stack: DescribedStack,
  parent: Task,
  run: Omit<PreparationRun, 'task'>,
): Promise<StackPreparation> {
  const atOnce = refuseAtOnce(stack, run.context);
  if (atOnce.deployAs !== null) return atOnce;
  const task = parent.child(stack.name);
  try {
    const preparation = await prepareStack(stack, { ...run, task });
    if (preparation.refusal === null) task.done(describeActions(preparation.did));
    else task.fail(renderRefusal(preparation.refusal));
    return preparation;
  } catch (error) {
    task.fail(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** `cancel-update: UPDATE_IN_PROGRESS → UPDATE_ROLLBACK_IN_PROGRESS, wait: … → UPDATE_ROLLBACK_COMPLETE` */
export const describeActions = (did: readonly PreparationAction[]): string =>
  did.map(({ step, from, to, detail }) => `${step}: ${from} → ${to}${detail === '' ? '' : ` (${detail})`}`).join(', ');
