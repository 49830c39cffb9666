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
import { runProbe } from '../probes/probe.ts';
import { sharingAnswers } from '../shared-answers.ts';
import type { Target } from '../target.ts';

/** @param config what is expected: that of the release which stands there */
export async function detectLiveDrift(
  target: Target,
  config: EnvironmentConfig,
  unshared: AwsClients,
): Promise<DriftCheck[]> {
  const clients = sharingAnswers(unshared);
  const context = { target, config, clients, inventory: await loadInventory(target, clients) };
  const observed = await Promise.all([...LIVE_PROBES, ...DRIFT_ONLY_PROBES].map((probe) => runProbe(probe, context)));
  return markUnanswerable(observed.flat(), target.unanswerable).map(fromProbe);
}
