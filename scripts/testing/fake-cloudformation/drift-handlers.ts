/** Drift detection: started per stack, polled by id, read over pages. */
import type { StackDriftStatus, StackResourceDrift, StackStatus } from '@aws-sdk/client-cloudformation';
import { type Handlers, page, required, stackOf, stackToRead } from './handlers.ts';
import { refuse } from './refusals.ts';
import type { FakeResource, FakeStack, RunningDetection, World } from './world.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html */
const CHECKABLE: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
];

export const driftHandlers: Pick<
  Handlers,
  'DetectStackDrift' | 'DescribeStackDriftDetectionStatus' | 'DescribeStackResourceDrifts'
> = {
  DetectStackDrift(world, { StackName, LogicalResourceIds }) {
    const stack = stackOf(world, StackName);
    if (!CHECKABLE.includes(stack.status)) throw refuse.notDriftCheckable(stack.id, stack.status);
    const running = [...world.detections.values()].some((detection) => detection.stack === stack && !detection.done);
    if (running) throw refuse.driftRunning(stack.id);
    const script = stack.detections.shift() ?? {};
    const id = world.newId();
    world.detections.set(id, {
      id,
      stack,
      script,
      startedAt: world.now(),
      only: LogicalResourceIds,
      pollsLeft: script.polls ?? 1,
      done: false,
    });
    return { StackDriftDetectionId: id };
  },

  DescribeStackDriftDetectionStatus(world, { StackDriftDetectionId }) {
    const id = required(StackDriftDetectionId, 'stackDriftDetectionId');
    const detection = world.detections.get(id);
    if (detection === undefined) throw refuse.unknownDetection(id);
    const common = { StackId: detection.stack.id, StackDriftDetectionId: id, Timestamp: detection.startedAt };
    if (!detection.done && detection.pollsLeft !== 0) {
      if (detection.pollsLeft !== 'until-told') detection.pollsLeft -= 1;
      return { ...common, DetectionStatus: 'DETECTION_IN_PROGRESS' };
    }
    finishDetection(detection);
    return {
      ...common,
      DetectionStatus: detection.script.status ?? 'DETECTION_COMPLETE',
      DetectionStatusReason: detection.script.reason,
      StackDriftStatus: detection.stack.driftStatus,
      DriftedStackResourceCount: detection.stack.resources.filter(isDrifted).length,
    };
  },

  DescribeStackResourceDrifts(world, { StackName, StackResourceDriftStatusFilters, NextToken, MaxResults }) {
    const stack = stackToRead(world, StackName);
    // What was not checked, or can't be, is left out without a word: the reader must know the stack's resources.
    const found = stack.resources
      .filter((resource) => resource.found !== 'NOT_CHECKED')
      .filter((resource) => StackResourceDriftStatusFilters?.includes(resource.found) ?? true)
      .map((resource) => describeDrift(world, stack, resource));
    const { items, ...rest } = page(found, NextToken, Math.min(MaxResults ?? world.pageSize, world.pageSize));
    return { StackResourceDrifts: items, ...rest };
  },
};

/** Also a failed detection leaves what it found: the rest stays unchecked. */
function finishDetection(detection: RunningDetection): void {
  if (detection.done) return;
  detection.done = true;
  const { stack, script, only } = detection;
  const wanted = stack.resources.filter(({ logicalId }) => only?.includes(logicalId) ?? true);
  for (const resource of wanted) {
    const unchecked = script.unchecked?.includes(resource.logicalId) ?? false;
    resource.found = unchecked ? 'NOT_CHECKED' : (resource.drift?.status ?? 'IN_SYNC');
  }
  stack.driftStatus = summaryOf(stack);
}

const isDrifted = ({ found }: FakeResource): boolean => found === 'MODIFIED' || found === 'DELETED';

function summaryOf({ resources }: FakeStack): StackDriftStatus {
  if (resources.some(isDrifted)) return 'DRIFTED';
  return resources.length > 0 && resources.every(({ found }) => found === 'NOT_CHECKED') ? 'NOT_CHECKED' : 'IN_SYNC';
}

function describeDrift(world: World, stack: FakeStack, resource: FakeResource): StackResourceDrift {
  const checked = resource.found === 'NOT_CHECKED' ? undefined : resource.drift;
  const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
  return {
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    StackResourceDriftStatus: resource.found,
    DriftStatusReason: checked?.reason,
    ExpectedProperties: json(checked?.expected),
    ActualProperties: json(checked?.actual),
    PropertyDifferences: [...(checked?.differences ?? [])],
    Timestamp: world.now(),
  };
}
