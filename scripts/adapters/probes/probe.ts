/**
 * A probe: a read-only observer of one service that answers with Checks.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { Check } from '../../core/check.ts';
import type { AwsClients } from '../aws-clients.ts';
import type { Target } from '../target.ts';
import type { Inventory } from './inventory.ts';

export interface ProbeContext {
  readonly target: Target;
  /** The environment's configuration: what is expected. */
  readonly config: EnvironmentConfig;
  readonly clients: AwsClients;
  readonly inventory: Inventory;
}

export interface Probe {
  /** What is looked at, for progress: `functions`. */
  readonly name: string;
  readonly observe: (context: ProbeContext) => Promise<Check[]>;
}

/** A probe that breaks is a defect of ours, and must be seen as "nobody looked", not stop the others. */
export async function runProbe(probe: Probe, context: ProbeContext): Promise<Check[]> {
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

/** What to do about a value that differs from the one in the environment's JSON. How to put it back, a drift check says. */
export const remedyFor = ({ config }: ProbeContext, setting: string): string =>
  'Changed outside Git, or not deployed yet: put it back. ' +
  `If the new value is meant, set ${setting} in environments/${config.name}.json.`;

/** What to do about a value that infra gives every environment. */
export const houseRemedy = ({ config }: ProbeContext): string =>
  `Changed outside Git: put it back, as every environment has it so; or change it in infra and promote ${config.name}.`;
