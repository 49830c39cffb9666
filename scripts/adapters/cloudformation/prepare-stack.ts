/**
 * Leads one stack to where it can be deployed: looks, takes the one legal step, looks again, until it is ready or
 * somebody has to decide. What the steps are is decided in `core/stacks/status.ts`; here they are taken, safely:
 * a stack may change between look and step, an answer may be lost, an operation may fail as it did before.
 */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../core/clock.ts';
import type { Task } from '../../core/progress.ts';
import { renderCause } from '../../core/stacks/failure-cause.ts';
import { type Refusal, refusals } from '../../core/stacks/refusals.ts';
import {
  prepareStack as decide,
  isMoving,
  type PreparationContext,
  type PreparationStep,
  type StackState,
} from '../../core/stacks/status.ts';
import { type DescribedStack, describeStack } from './describe-stacks.ts';
import { findFailureCause } from './stack-events.ts';
import {
  discardOwnChangeSets,
  isRefusal,
  OPERATION_NAMES,
  type Operation,
  startOperation,
} from './stack-operations.ts';

/** A status that does not change after an operation was accepted is believed after so many looks. */
const LOOKS_TO_BELIEVE = 3;
/** How often a stack may change between look and step before we stop: somebody else works on it. */
const MAX_SURPRISES = 5;

/** One thing that was done to a stack. */
export interface PreparationAction {
  readonly step: Operation | 'wait' | 'discard-change-sets';
  readonly from: StackState;
  readonly to: StackState;
  /** More words, where there are any: names of change sets. */
  readonly detail: string;
}

/** How a stack was found, what was done, and how it stands. */
export interface StackPreparation {
  readonly stackName: string;
  readonly before: StackState;
  readonly after: StackState;
  readonly did: readonly PreparationAction[];
  /** How it can be deployed now; null when it can't. */
  readonly deployAs: 'create' | 'update' | null;
  readonly refusal: Refusal | null;
}

export interface PreparationRun {
  readonly client: CloudFormationClient;
  readonly clock: Clock;
  readonly context: PreparationContext;
  readonly task: Task;
  readonly pollMs: number;
  /** When waiting began, for what we say, and when it ends. Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

export async function prepareStack(found: DescribedStack, run: PreparationRun): Promise<StackPreparation> {
  const did: PreparationAction[] = [];
  const tried = new Set<Operation>();
  let surprises = 0;
  let stack = found;

  const note = (step: PreparationAction['step'], next: DescribedStack, detail = ''): DescribedStack => {
    did.push({ step, from: stack.state, to: next.state, detail });
    return next;
  };
  const end = (deployAs: StackPreparation['deployAs'], refusal: Refusal | null): StackPreparation => ({
    stackName: found.name,
    before: found.state,
    after: stack.state,
    did,
    deployAs,
    refusal,
  });

  for (;;) {
    const next = nextStep(stack, tried, run.context);
    switch (next.step) {
      case 'ready':
        return end(next.deployAs, null);
      case 'refuse':
        return end(null, await withCause(next.refusal, stack, did, run));
      case 'wait': {
        const rested = await waitWhileMoving(stack, run);
        if (isMoving(rested.state)) {
          stack = rested;
          return end(null, refusals.stillMoving(stack.name, stack.state, secondsSince(run)));
        }
        stack = note('wait', rested);
        break;
      }
      case 'discard-change-sets': {
        const { discarded, kept, busy } = await discardOwnChangeSets(run.client, stack.name, run.signal);
        if (busy.length > 0) {
          if (run.clock.now() >= run.deadline) {
            return end(
              null,
              refusals.stillMoving(stack.name, `${stack.state} (${busy.join(', ')})`, secondsSince(run)),
            );
          }
          stack = await lookAgain(stack, run);
          break;
        }
        const detail = [...discarded, ...kept.map((name) => `${name} is not ours: kept`)].join(', ');
        const before = stack.state;
        stack = note('discard-change-sets', await describeStack(run.client, stack.name, run.signal), detail);
        // A stack that was never created stays in REVIEW_IN_PROGRESS without its change sets, and can be created.
        if (stack.state === before) return end('create', null);
        break;
      }
      default: {
        if (tried.has(next.step)) return end(null, await failedAgain(next.step, stack, run));
        const result = await takeStep(next.step, stack, run);
        if (result.kind === 'refused' && result.stack.state === stack.state) {
          return end(null, refusals.operationRefused(stack.name, OPERATION_NAMES[next.step], result.answer));
        }
        if (result.kind === 'done') {
          tried.add(next.step);
          stack = note(next.step, result.stack);
          break;
        }
        surprises += 1;
        stack = result.stack;
        if (surprises > MAX_SURPRISES) return end(null, refusals.neverSettles(stack.name, stack.state, surprises));
      }
    }
  }
}

/** An update that we cancelled already and that still shows is only an old look. */
function nextStep(stack: DescribedStack, tried: ReadonlySet<Operation>, context: PreparationContext): PreparationStep {
  const step = decide(stack, context);
  return step.step === 'cancel-update' && tried.has('cancel-update') ? { step: 'wait' } : step;
}

type StepResult =
  | { readonly kind: 'done'; readonly stack: DescribedStack }
  | { readonly kind: 'refused'; readonly stack: DescribedStack; readonly answer: string };

/** Starts one operation and looks until its effect shows. A refused one is looked into: the stack may have moved on. */
async function takeStep(operation: Operation, stack: DescribedStack, run: PreparationRun): Promise<StepResult> {
  run.task.update(`${OPERATION_NAMES[operation]} from ${stack.state}`);
  try {
    await startOperation(run.client, operation, stack.name, run.signal);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { kind: 'refused', stack: await lookAgain(stack, run), answer: error.message };
  }
  let now = await describeStack(run.client, stack.name, run.signal);
  for (let looks = 1; now.state === stack.state && looks < LOOKS_TO_BELIEVE; looks += 1)
    now = await lookAgain(now, run);
  return { kind: 'done', stack: now };
}

async function waitWhileMoving(stack: DescribedStack, run: PreparationRun): Promise<DescribedStack> {
  let now = stack;
  while (isMoving(now.state) && run.clock.now() < run.deadline) {
    run.task.update(`waits for ${now.state}`);
    now = await lookAgain(now, run);
  }
  return now;
}

/** A look after a pause, with jitter so that many stacks do not ask at once. */
async function lookAgain(stack: DescribedStack, run: PreparationRun): Promise<DescribedStack> {
  await run.clock.sleep(run.pollMs * (0.8 + 0.4 * run.clock.random()), run.signal);
  return describeStack(run.client, stack.name, run.signal);
}

const secondsSince = ({ clock, startedAt }: PreparationRun): number => Math.round((clock.now() - startedAt) / 1000);

/** A stack that an operation of ours left where it is has a cause worth naming. */
async function withCause(
  refusal: Refusal,
  stack: DescribedStack,
  did: readonly PreparationAction[],
  run: PreparationRun,
): Promise<Refusal> {
  const last = did.findLast(({ step }) => step !== 'wait')?.step;
  if (refusal.code === 'TERMINATION_PROTECTION' || last === undefined || last === 'wait') return refusal;
  if (last === 'discard-change-sets') return refusal;
  const { what } = await failedAgain(last, stack, run);
  return { ...refusal, what };
}

async function failedAgain(operation: Operation, stack: DescribedStack, run: PreparationRun): Promise<Refusal> {
  const cause = await findFailureCause(run.client, { stack: stack.id ?? stack.name, signal: run.signal });
  const words = cause === undefined ? stack.reason || 'CloudFormation gave no reason' : renderCause(cause);
  return refusals.failedAgain(stack.name, OPERATION_NAMES[operation], stack.state, words);
}
