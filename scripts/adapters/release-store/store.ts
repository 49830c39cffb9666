/**
 * An account's release store: one archive for each release that was deployed to it, `releases/<id>.tar.gz`, put once and checked
 * whenever it is read. Rollback needs nothing else: no synth, no registry, no working tree.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import { RELEASE_STORE_PARAMETER } from '../../../environments/naming.ts';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { type Release, shortId } from '../../core/release/release.ts';
import { readRelease, verifyRelease } from '../release/release-directory.ts';
import { packRelease, unpackRelease } from './archive.ts';
import { isAlreadyThere } from './conditional-write.ts';

/** Thrown when an account has no store yet. Exit 2. */
export class NoReleaseStoreError extends GitOpsError {
  constructor(cause: unknown) {
    super(
      `This account and region has no release store: the SSM parameter ${RELEASE_STORE_PARAMETER} is missing. ` +
        'An administrator makes it with: npm run bootstrap -- --env <environment>',
      { code: 'NO_RELEASE_STORE', source: 'user', exitCode: EXIT.usage, cause },
    );
  }
}

/** Thrown when the store does not hold a release that is asked for. Exit 1. */
export class ReleaseNotStoredError extends GitOpsError {
  constructor(id: string, bucket: string, cause: unknown) {
    super(
      `Release ${shortId(id)} is not in the store ${bucket}: it was never deployed to this account, or its archive was deleted. ` +
        `Its versions: aws s3api list-object-versions --bucket ${bucket} --prefix ${archiveKey(id)}`,
      { code: 'RELEASE_NOT_STORED', source: 'user', exitCode: EXIT.failed, cause },
    );
  }
}

/** Thrown when an archive is not what was put: its checksum, its form or its content. Exit 1; nothing is unpacked. */
export class ArchiveCorruptError extends GitOpsError {
  constructor(id: string, bucket: string, problem: string, cause?: unknown) {
    super(
      `The archive of release ${shortId(id)} in ${bucket} is corrupt: ${problem}. Nothing was deployed. The store is ` +
        `versioned: aws s3api list-object-versions --bucket ${bucket} --prefix ${archiveKey(id)}`,
      { code: 'ARCHIVE_CORRUPT', source: 'user', exitCode: EXIT.failed, cause },
    );
  }
}

export interface ReleaseStore {
  readonly s3: S3Client;
  readonly bucket: string;
}

export const archiveKey = (id: string): string => `releases/${id}.tar.gz`;

/**
 * The store of the account that the clients speak to. Both clients are of the region of the account's PipelineStack.
 * @throws NoReleaseStoreError
 */
export async function openReleaseStore({ ssm, s3 }: { ssm: SSMClient; s3: S3Client }): Promise<ReleaseStore> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: RELEASE_STORE_PARAMETER }));
    return { s3, bucket: Parameter?.Value ?? '' };
  } catch (error) {
    if (error instanceof ParameterNotFound) throw new NoReleaseStoreError(error);
    throw error;
  }
}

/** Ids of the stored releases that begin so, at most a few: for people, who type the first digits. */
export async function findStoredReleases({ s3, bucket }: ReleaseStore, prefix: string): Promise<string[]> {
  const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: `releases/${prefix}`, MaxKeys: 10 });
  const { Contents = [] } = await s3.send(command);
  return Contents.flatMap(({ Key = '' }) => /^releases\/([0-9a-f]{64})\.tar\.gz$/.exec(Key)?.[1] ?? []);
}

/** Cheap: what a promotion asks before it packs. */
export async function isReleaseStored({ s3, bucket }: ReleaseStore, id: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: archiveKey(id) }));
    return true;
  } catch (error) {
    if (error instanceof NotFound || error instanceof NoSuchKey) return false;
    throw error;
  }
}

/**
 * Stores a release, once: what is there already stays as it is.
 * @param folder where the release lies on disk, verified by the caller
 */
export async function storeRelease(
  store: ReleaseStore,
  release: Release,
  folder: string,
): Promise<'stored' | 'already-there'> {
  if (await isReleaseStored(store, release.id)) return 'already-there';
  const archive = await packRelease(folder, release);
  const checksum = createHash('sha256').update(archive).digest();
  try {
    await store.s3.send(
      new PutObjectCommand({
        Bucket: store.bucket,
        Key: archiveKey(release.id),
        Body: archive,
        ContentType: 'application/gzip',
        // S3 refuses a body that arrives otherwise; the metadata is for whoever reads it.
        ChecksumSHA256: checksum.toString('base64'),
        Metadata: { sha256: checksum.toString('hex') },
        IfNoneMatch: '*',
      }),
    );
    return 'stored';
  } catch (error) {
    // Another environment of this account at the same time, or our own first try whose answer was lost.
    if (isAlreadyThere(error)) return 'already-there';
    throw error;
  }
}

/**
 * Brings a release back to disk: into a folder beside `folder` first, which takes its place only when checksum, form and
 * every file are right.
 * @throws ReleaseNotStoredError, ArchiveCorruptError
 */
export async function fetchRelease({ s3, bucket }: ReleaseStore, id: string, folder: string): Promise<Release> {
  const archive = await download({ s3, bucket }, id);
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const staging = await mkdtemp(join(parent, `.${basename(folder)}-`));
  try {
    const release = await unpackVerified(archive, id, staging).catch((error: unknown) => {
      throw new ArchiveCorruptError(id, bucket, error instanceof Error ? error.message : String(error), error);
    });
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return release;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function unpackVerified(archive: Buffer, id: string, folder: string): Promise<Release> {
  await unpackRelease(archive, folder);
  const release = await readRelease(folder);
  if (release.id !== id) throw new Error(`it holds release ${shortId(release.id)}`);
  await verifyRelease(folder, release);
  return release;
}

async function download({ s3, bucket }: ReleaseStore, id: string): Promise<Buffer> {
  let body: Buffer;
  let expected: string | undefined;
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: archiveKey(id) }));
    body = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    expected = object.Metadata?.['sha256'];
  } catch (error) {
    if (error instanceof NoSuchKey) throw new ReleaseNotStoredError(id, bucket, error);
    throw error;
  }
  const found = createHash('sha256').update(body).digest('hex');
  if (expected !== found) {
    throw new ArchiveCorruptError(id, bucket, `its SHA-256 is ${found}, recorded is ${expected ?? 'none'}`);
  }
  return body;
}
