/** Says whether a bucket is empty as S3 means it: no object, no older version, no delete marker. */
import { ListObjectVersionsCommand, NoSuchBucket, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { BucketContents } from '../../core/destroy/destruction.ts';

/**
 * Counts the first thousand: whether there is anything is what matters.
 * @returns empty for a bucket that is not there
 */
export async function readBucketContents(
  client: S3Client,
  bucket: string,
  signal?: AbortSignal,
): Promise<BucketContents> {
  try {
    const answer = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }), { abortSignal: signal });
    const { Versions = [], DeleteMarkers = [], IsTruncated = false } = answer;
    return { bucket, versions: Versions.length, deleteMarkers: DeleteMarkers.length, more: IsTruncated };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { bucket, versions: 0, deleteMarkers: 0, more: false };
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof NoSuchBucket || (error instanceof S3ServiceException && error.name === 'NoSuchBucket');
