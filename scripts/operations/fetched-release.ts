/**
 * A release brought back from the account's store into a folder of its own, for as long as it is needed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchRelease, ReleaseNotStoredError, type ReleaseStore } from '../adapters/release-store/store.ts';
import type { Release } from '../core/release/release.ts';

export interface ReleaseOnDisk {
  readonly release: Release;
  readonly folder: string;
}

/**
 * Fetched and verified; removed when `use` ends.
 * @throws ReleaseNotStoredError, ArchiveCorruptError, and what `use` throws
 */
export async function withFetchedRelease<T>(
  store: ReleaseStore,
  id: string,
  use: (fetched: ReleaseOnDisk) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'gitops-release-'));
  try {
    const folder = join(parent, 'release');
    return await use({ release: await fetchRelease(store, id, folder), folder });
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** Names of the stacks a stored release has in an environment; null when it is not in the store. */
export async function stacksOfStored(
  store: ReleaseStore,
  id: string,
  environment: string,
): Promise<readonly string[] | null> {
  try {
    return await withFetchedRelease(store, id, async ({ release }) => release.environments[environment]?.stacks ?? []);
  } catch (error) {
    if (error instanceof ReleaseNotStoredError) return null;
    throw error;
  }
}
