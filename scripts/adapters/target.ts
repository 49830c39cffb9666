/**
 * Where an environment's calls go: an AWS account, or an emulated one. Made once per command and environment.
 */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import type { Unanswerable } from '../core/check.ts';

export interface Target {
  readonly environment: EnvironmentConfig;
  /** Account and region to talk to: the config's, after `CDK_{NAME}_ACCOUNT`. */
  readonly account: string;
  readonly region: string;
  /** Set for an emulated account only. */
  readonly emulator?: {
    /** `http://127.0.0.1:4566` */
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Checks this target can't answer; empty for AWS. */
  readonly unanswerable: readonly Unanswerable[];
}
