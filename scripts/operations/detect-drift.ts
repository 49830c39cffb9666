/**
 * Looks for drift in one environment, read-only: CloudFormation's own detection, the release that the ledger names, and
 * the probes, side by side; then one report.
 */
import { PIPELINE_STACK } from '../../environments/naming.ts';
import { describeStack } from '../adapters/cloudformation/describe-stacks.ts';
import { readStackResources } from '../adapters/drift/deployed-stacks.ts';
import { detectLiveDrift } from '../adapters/drift/live-detector.ts';
import { detectNativeDrift } from '../adapters/drift/native-detector.ts';
import { type DriftCheck, type StackResource, stackResource, UNANSWERED } from '../core/drift/drift-check.ts';
import { isMoving, movingCheck } from '../core/drift/judge-ledger.ts';
import { assembleReport, type DriftReport } from '../core/drift/report.ts';
import { currentRelease } from '../core/ledger/ledger.ts';
import type { Task } from '../core/progress.ts';
import { type Basis, type DetectDriftDependencies, type DetectDriftInput, readBasis } from './drift-basis.ts';
import type { Site } from './site.ts';

/**
 * @throws the signal's reason; NoReleaseStoreError, LedgerCorruptError, LockCorruptError: without a ledger nobody knows
 *   what to compare with
 */
export async function detectDrift(input: DetectDriftInput, deps: DetectDriftDependencies): Promise<DriftReport> {
  const { target, reporter } = input;
  const { name } = target.environment;
  const task = reporter.task(`Looking for drift in ${name}`);
  try {
    const report = await detect(input, deps, task);
    const summary = `${report.findings.length} findings, ${report.coverage.checked} of ${report.coverage.total} resources checked`;
    task[report.ok ? 'done' : 'fail'](summary);
    return report;
  } catch (error) {
    task.fail('not checked');
    throw error;
  }
}

async function detect(input: DetectDriftInput, deps: DetectDriftDependencies, task: Task): Promise<DriftReport> {
  const { target, waivers, signal } = input;
  const { clock } = deps;
  const { name: environment, stage } = target.environment;
  const site = await deps.openSite(target);
  const [ledger, lock] = await Promise.all([site.ledger.read(), site.lock()]);
  const report = (
    checks: readonly DriftCheck[],
    resources: readonly StackResource[],
    { notes, config = target.environment }: Partial<Basis> & Pick<Basis, 'notes'>,
  ) =>
    assembleReport({
      environment,
      stage,
      local: target.emulator !== undefined,
      checks,
      resources,
      waivers,
      now: new Date(clock.now()),
      excused: target.unanswerable,
      notes,
      config,
    });
  const atWork = lock.held && !lock.expired;
  if (isMoving({ ledger, atWork })) return report([movingCheck(environment, ledger.current)], [], { notes: [] });

  const basis = await readBasis(input, deps, site, ledger, atWork);
  signal?.throwIfAborted();
  // Nothing deployed and nothing recorded: there is nothing to be missed either.
  if (basis.stacks.length === 0 && currentRelease(ledger.current) === null) return report(basis.checks, [], basis);
  const watched = [...basis.stacks, ...(await pipelineStack(site))];
  const resources = await readStackResources(site.clients.cloudformation, watched, { clock, signal });
  const [native, live] = await Promise.all([
    detectNative(input, deps, site, { stacks: watched, resources, config: basis.config }, task),
    detectLiveDrift(target, basis.config, site.clients),
  ]);
  signal?.throwIfAborted();
  return report([...basis.checks, ...native, ...live], resources, basis);
}

/** Of no release, and watched all the same where CloudFormation can. Its account's environments in one region share it. */
async function pipelineStack({ target, clients }: Site): Promise<string[]> {
  if (target.emulator !== undefined) return [];
  const { state } = await describeStack(clients.cloudformation, PIPELINE_STACK);
  return state === 'ABSENT' ? [] : [PIPELINE_STACK];
}

async function detectNative(
  { target, signal }: DetectDriftInput,
  { clock }: DetectDriftDependencies,
  { clients }: Site,
  of: Pick<Basis, 'stacks' | 'config'> & { readonly resources: readonly StackResource[] },
  task: Task,
): Promise<DriftCheck[]> {
  const unanswerable = target.unanswerable.find(({ id }) => id === UNANSWERED.unavailable);
  if (unanswerable !== undefined) {
    return of.stacks.map((stack) => ({
      id: unanswerable.id,
      detector: 'cloudformation',
      property: unanswerable.id,
      subject: stack,
      resource: stackResource(stack),
      expected: 'checked',
      actual: null,
      status: 'unknown',
      detail: unanswerable.reason,
    }));
  }
  return await detectNativeDrift({
    client: clients.cloudformation,
    resources: of.resources,
    stacks: of.stacks,
    table: of.config.table,
    clock,
    signal,
    onProgress: (done, all) => task.update(`CloudFormation: ${done} of ${all} stacks`),
  });
}
