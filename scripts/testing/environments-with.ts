/**
 * Environments of a folder like environments/, with more of them: each as one more JSON file, the way a person adds it.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { loadEnvironments } from '../../environments/load.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../environments');

export interface OneMore {
  readonly name: string;
  /** The environment that must hold a release first. */
  readonly after: string;
  /** Default: a stage that is no production. */
  readonly like?: 'staging' | 'prod';
}

/** dev, staging and prod as they are, and one file more for each of these, in a network of its own. */
export function environmentsWith(...more: readonly OneMore[]): readonly EnvironmentConfig[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'gitops-environments-'));
  try {
    for (const name of ['dev', 'staging', 'prod']) {
      cpSync(path.join(FOLDER, `${name}.json`), path.join(folder, `${name}.json`));
    }
    for (const [index, { name, after, like = 'staging' }] of more.entries()) {
      const sample = JSON.parse(readFileSync(path.join(FOLDER, `${like}.json`), 'utf8'));
      const network = { ...sample.network, cidr: `10.${100 + index}.0.0/16` };
      const promotion = { ...sample.promotion, after };
      writeFileSync(path.join(folder, `${name}.json`), JSON.stringify({ ...sample, name, network, promotion }));
    }
    return loadEnvironments({ folder, variables: {} });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
