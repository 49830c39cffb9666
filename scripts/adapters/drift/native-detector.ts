/**
 * CloudFormation's own drift detection of all stacks of an environment: started together, polled in one loop until
 * done, read over all pages. Whatever it did not answer is unknown, by name.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
 */
import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { Clock } from '../../core/clock.ts';
import { type DriftCheck, type StackResource, stackResource, UNANSWERED } from '../../core/drift/drift-check.ts';
import { judgeResourceDrifts } from './judge-resource-drifts.ts';
import { isThrottled, type Patience, patiently, sideBySide } from './patience.ts';

/** Calls in flight: more only earn throttling. */
const AT_ONCE = 8;
const POLL_MS = 3_000;
/** A detection takes minutes for a large stack. */
const DEADLINE_MS = 15 * 60_000;

export interface NativeDetectorInput {
  readonly client: CloudFormationClient;
  /** All resources of the stacks, as listed: what there is to answer for. */
  readonly resources: readonly StackResource[];
  /** Names. */
  readonly stacks: readonly string[];
  /** Auto-scaled capacity within these bounds is no drift. */
  readonly table: EnvironmentConfig['table'];
  readonly clock: Clock;
  readonly pollMs?: number;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told how many stacks are done. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** One stack's detection, as far as it came. */
interface Detection {
  readonly stack: string;
  id: string | undefined;
  /** When the service began, by its own clock: an older answer is of an earlier detection. */
  startedAt: Date | undefined;
  /** Ended by itself, well or badly. */
  ended: boolean;
  /** Why not everything, or nothing, was checked; empty where all went well. */
  problem: string;
}

/** What a detection that ended found. */
export interface DetectedStack {
  readonly stack: string;
  readonly drifts: readonly StackResourceDrift[];
  /** Empty when CloudFormation says that it checked all it can. */
  readonly problem: string;
}

/** A check for each resource. Rejects only when interrupted: what can't be asked is unknown. */
export async function detectNativeDrift(input: NativeDetectorInput): Promise<DriftCheck[]> {
  const { clock, stacks, resources, signal, deadlineMs = DEADLINE_MS } = input;
  const patience: Patience = { clock, deadline: clock.now() + deadlineMs, signal };
  const detections = await sideBySide(stacks, AT_ONCE, (stack) => start(stack, input, patience));
  await pollUntilDone(detections, input, patience);
  const read = await sideBySide(detections, AT_ONCE, (detection) => readResults(detection, input, patience));
  signal?.throwIfAborted();
  return [
    ...judgeResourceDrifts(
      read.filter((each) => each !== undefined),
      resources,
      input.table,
    ),
    ...detections.flatMap((detection, index) => (read[index] === undefined ? [uncheckedStack(detection)] : [])),
  ];
}

async function start(stack: string, input: NativeDetectorInput, patience: Patience): Promise<Detection> {
  const detection: Detection = { stack, id: undefined, startedAt: undefined, ended: false, problem: '' };
  try {
    const command = new DetectStackDriftCommand({ StackName: stack });
    const send = () => input.client.send(command, { abortSignal: input.signal });
    detection.id = (await patiently(send, patience, mayPass)).StackDriftDetectionId;
  } catch (error) {
    detection.problem = reasonOf(error, input.signal);
  }
  return detection;
}

/** Somebody else's detection of the same stack ends by itself too. */
const mayPass = (error: unknown): boolean =>
  isThrottled(error) || (error instanceof CloudFormationServiceException && /already in progress/.test(error.message));

async function pollUntilDone(
  detections: readonly Detection[],
  input: NativeDetectorInput,
  patience: Patience,
): Promise<void> {
  const { clock, deadline, signal } = patience;
  const pollMs = input.pollMs ?? POLL_MS;
  for (;;) {
    const running = detections.filter(({ id, ended, problem }) => id !== undefined && !ended && problem === '');
    input.onProgress?.(detections.length - running.length, detections.length);
    if (running.length === 0) return;
    await sideBySide(running, AT_ONCE, (detection) => poll(detection, input, patience));
    if (running.every(({ ended, problem }) => ended || problem !== '')) continue;
    if (clock.now() >= deadline) break;
    await clock.sleep(pollMs * (0.75 + clock.random() / 2), signal);
  }
  for (const detection of detections.filter(({ ended }) => !ended)) {
    detection.problem ||= 'CloudFormation did not end its drift detection in time. Look again later.';
  }
}

async function poll(detection: Detection, input: NativeDetectorInput, patience: Patience): Promise<void> {
  try {
    const command = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: detection.id });
    const status = await patiently(() => input.client.send(command, { abortSignal: input.signal }), patience);
    detection.startedAt = status.Timestamp;
    if (status.DetectionStatus === 'DETECTION_IN_PROGRESS') return;
    detection.ended = true;
    if (status.DetectionStatus !== 'DETECTION_COMPLETE') {
      const reason = status.DetectionStatusReason ?? 'CloudFormation gave no reason';
      detection.problem = `${status.DetectionStatus ?? 'no status'}: ${reason}`;
    }
  } catch (error) {
    detection.problem = reasonOf(error, input.signal);
  }
}

/** Also a detection that failed found something of some resources. Undefined where nothing can be read. */
async function readResults(
  detection: Detection,
  { client, signal }: NativeDetectorInput,
  patience: Patience,
): Promise<DetectedStack | undefined> {
  const { stack, ended, startedAt } = detection;
  if (!ended) return undefined;
  const drifts: StackResourceDrift[] = [];
  let token: string | undefined;
  try {
    do {
      const command = new DescribeStackResourceDriftsCommand({ StackName: stack, NextToken: token });
      const page = await patiently(() => client.send(command, { abortSignal: signal }), patience);
      drifts.push(...(page.StackResourceDrifts ?? []));
      token = page.NextToken;
    } while (token !== undefined);
  } catch (error) {
    detection.problem = reasonOf(error, signal);
    return undefined;
  }
  const isOfThis = ({ Timestamp }: StackResourceDrift): boolean =>
    startedAt === undefined || (Timestamp !== undefined && Timestamp >= startedAt);
  return { stack, drifts: drifts.filter(isOfThis), problem: detection.problem };
}

const uncheckedStack = ({ stack, problem }: Detection): DriftCheck => ({
  id: UNANSWERED.stack,
  detector: 'cloudformation',
  property: UNANSWERED.stack,
  subject: stack,
  resource: stackResource(stack),
  status: 'unknown',
  expected: 'checked',
  actual: null,
  detail: problem,
});

/** @throws the signal's reason when that aborted */
function reasonOf(error: unknown, signal: AbortSignal | undefined): string {
  signal?.throwIfAborted();
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
