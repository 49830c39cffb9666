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

/** What to do about a value that differs from the one in the environment's JSON. */
export const remedyFor = ({ config }: ProbeContext, setting: string): string =>
  `Changed outside Git, or not deployed yet: deploy ${config.name} again or put it back by hand. ` +
  `If the new value is meant, set ${setting} in environments/${config.name}.json.`;

/** What to do about a value that infra gives every environment. */
export const houseRemedy = ({ config }: ProbeContext): string =>
  `Changed outside Git: put it back by hand, or deploy ${config.name} with its stack's change. Every environment has it so.`;
