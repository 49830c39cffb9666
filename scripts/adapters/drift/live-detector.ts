/**
 * The live detector: the probes of `validate`, and those that only drift asks. They see what CloudFormation can't:
 * alarms switched off, an extra rule in a security group, an extra policy on a role, a subscription never confirmed.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { type DriftCheck, fromProbe } from '../../core/drift/drift-check.ts';
import { markUnanswerable } from '../../core/validation/excuse.ts';
import type { AwsClients } from '../aws-clients.ts';
import { DRIFT_ONLY_PROBES, LIVE_PROBES } from '../probes/index.ts';
import { loadInventory } from '../probes/inventory.ts';
import type { Probe, ProbeContext } from '../probes/probe.ts';
import type { Target } from '../target.ts';

/** @param config what is expected: that of the release which stands there */
export async function detectLiveDrift(
  target: Target,
  config: EnvironmentConfig,
  clients: AwsClients,
): Promise<DriftCheck[]> {
  const context = { target, config, clients, inventory: await loadInventory(target, clients) };
  const observed = await Promise.all([...LIVE_PROBES, ...DRIFT_ONLY_PROBES].map((probe) => observe(probe, context)));
  return markUnanswerable(observed.flat(), target.unanswerable).map(fromProbe);
}

/** A probe that breaks is a defect of ours: nobody looked, and the others still do. */
async function observe(probe: Probe, context: ProbeContext): ReturnType<Probe['observe']> {
  try {
    return await probe.observe(context);
  } catch (error) {
    return [
      {
        id: 'probe.completed',
        subject: `${probe.name} of ${context.config.name}`,
        status: 'unknown',
        expected: 'answers',
        actual: null,
        detail: `The probe failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      },
    ];
  }
}
