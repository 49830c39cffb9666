/**
 * Validates one environment: its live configuration, how it stands against the time before the deployment, and one
 * synthetic order through its real API. Changes nothing but that order, which it removes.
 */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { resourceName } from '../../environments/naming.ts';
import type { AwsClients } from '../adapters/aws-clients.ts';
import type { Inventory } from '../adapters/probes/inventory.ts';
import { type ProbeContext, runProbe } from '../adapters/probes/probe.ts';
import type { Target } from '../adapters/target.ts';
import { clientsForValidation } from '../adapters/validate-role.ts';
import { type Check, judge, type Verdict } from '../core/check.ts';
import type { Reporter } from '../core/progress.ts';
import { type Baseline, compareWithBaseline, HEALTHY } from '../core/validation/baseline.ts';
import { markUnanswerable } from '../core/validation/excuse.ts';

/** An emulated account has no cold start in a VPC: what takes longer there does not come. */
const EMULATED_ORDER_WITHIN_MS = 20_000;

export interface ValidateOptions {
  readonly target: Target;
  /** What is expected. Default: the target's own configuration; a release brings the one it was made with. */
  readonly config?: EnvironmentConfig;
  readonly clients: AwsClients;
  /** Taken before the deployment. Without one the environment has to be healthy: no dead letter, no alarm. */
  readonly baseline?: Baseline | undefined;
  readonly reporter: Reporter;
  /** Ends the waiting; the synthetic order is removed all the same. */
  readonly signal?: AbortSignal;
  /** Milliseconds a synthetic order may take to be processed. Default: see `placeSyntheticOrder`. */
  readonly processedWithinMs?: number;
}

export interface Validation {
  readonly checks: readonly Check[];
  readonly verdict: Verdict;
}

/** Runs every check concurrently. Rejects only when interrupted: what can't be asked is an unknown check. */
export async function validateEnvironment(options: ValidateOptions): Promise<Validation> {
  const { target, reporter } = options;
  const config = options.config ?? target.environment;
  const task = reporter.task(`Validating ${config.name}`);
  try {
    // Loaded when needed: sixteen services' commands take a third of a second, and every deploying verb imports this.
    const [{ LIVE_PROBES }, { loadInventory }] = await Promise.all([
      import('../adapters/probes/index.ts'),
      import('../adapters/probes/inventory.ts'),
    ]);
    const clients = await clientsForValidation(target, options.clients);
    const inventory = await loadInventory(target, clients);
    const context: ProbeContext = { target, config, clients, inventory };
    const finished = new Set<string>();
    const observed = await Promise.all([
      ...LIVE_PROBES.map(async (probe) => {
        const checks = await runProbe(probe, context);
        finished.add(probe.name);
        task.update(`${finished.size} of ${LIVE_PROBES.length} looked at`);
        return checks;
      }),
      placeOrder(context, options),
    ]);
    // Last: what the synthetic order broke would show here.
    const standing = await compareStanding(context, inventory, options.baseline);
    options.signal?.throwIfAborted();
    const checks = markUnanswerable([...observed.flat(), ...standing], target.unanswerable);
    const verdict = judge(checks, target.unanswerable);
    task[verdict.ok ? 'done' : 'fail'](describeCounts(verdict));
    return { checks, verdict };
  } catch (error) {
    task.fail('not validated');
    throw error;
  }
}

/** How the environment stands before a deployment; what can't be read is said in it. */
export async function takeBaseline(target: Target, clients: AwsClients): Promise<Baseline> {
  const [{ readStanding }, { loadInventory }] = await Promise.all([
    import('../adapters/probes/standing.ts'),
    import('../adapters/probes/inventory.ts'),
  ]);
  const standing = await readStanding(target, clients, await loadInventory(target, clients));
  return {
    environment: target.environment.name,
    source: baselineSource(target),
    takenAt: new Date().toISOString(),
    ...standing,
  };
}

/** Where a baseline comes from: it means nothing anywhere else. */
export const baselineSource = ({ account, region, emulator }: Target): string =>
  [account, region, ...(emulator ? ['emulated'] : [])].join(' ');

async function placeOrder(
  { target, config, clients, inventory }: ProbeContext,
  { signal, processedWithinMs }: Pick<ValidateOptions, 'signal' | 'processedWithinMs'>,
): Promise<Check[]> {
  const [{ createOrderApi }, { placeSyntheticOrder }, { createSyntheticStore }, { publishedEndpoint }] =
    await Promise.all([
      import('../adapters/order-api.ts'),
      import('../adapters/probes/synthetic-order.ts'),
      import('../adapters/probes/synthetic-store.ts'),
      import('../adapters/probes/parameters.ts'),
    ]);
  const subject = resourceName('trading-api', config.name);
  const endpoint = await publishedEndpoint(config.name, clients);
  const bucket = inventory.idOf('s3', 'AWS::S3::Bucket');
  if (endpoint.state !== 'observed' || bucket.state !== 'observed') {
    const reason = [endpoint, bucket].flatMap((each) => (each.state === 'unanswered' ? [each.reason] : []));
    const detail = `No order was placed: ${reason.join('; ') || 'the api-endpoint parameter or the trade bucket is missing'}`;
    return [{ id: 'synthetic.accepted', subject, status: 'unknown', expected: 202, actual: null, detail }];
  }
  return placeSyntheticOrder({
    api: createOrderApi({
      endpoint: endpoint.value,
      target: { ...target, environment: config },
      credentials: clients.dynamodb.config.credentials,
      ...(signal && { signal }),
    }),
    store: createSyntheticStore(clients, resourceName('orders', config.name), bucket.value),
    subject,
    requiresSignature: config.api.authorization === 'AWS_IAM',
    ...(target.emulator && { processedWithinMs: EMULATED_ORDER_WITHIN_MS }),
    ...(processedWithinMs !== undefined && { processedWithinMs }),
    ...(signal && { signal }),
  });
}

async function compareStanding(context: ProbeContext, inventory: Inventory, baseline?: Baseline): Promise<Check[]> {
  const { readStanding } = await import('../adapters/probes/standing.ts');
  const now = await readStanding(context.target, context.clients, inventory);
  const environment = context.config.name;
  const queue = resourceName('order-dead-letter-queue', environment);
  return compareWithBaseline({ queue, environment }, baseline ?? HEALTHY, now);
}

const describeCounts = ({ counts }: Verdict): string =>
  [`${counts.pass} passed`, counts.fail && `${counts.fail} failed`, counts.unknown && `${counts.unknown} unknown`]
    .filter(Boolean)
    .join(', ');
