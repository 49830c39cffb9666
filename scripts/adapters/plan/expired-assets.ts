/** Which assets that run now are no longer in the bucket they came from: CloudFormation could not go back to them. */
import { HeadObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Template } from '../../core/plan/facts.ts';

interface Asset {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Of the assets that a release no longer uses. Only what the bucket says is gone counts: without the right to look,
 * nothing is known and nothing is said.
 * @returns their keys, sorted
 */
export async function findExpiredAssets(
  client: S3Client,
  deployed: Template,
  released: Template,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const kept = new Set(assetsOf(released).map(({ key }) => key));
  const left = assetsOf(deployed).filter(({ key }) => !kept.has(key));
  const expired = await Promise.all(
    left.map(async (asset) => ((await isGone(client, asset, signal)) ? [asset.key] : [])),
  );
  return [...new Set(expired.flat())].sort();
}

/** Code of functions with a literal bucket: CDK writes it so for an environment of known account and region. */
const assetsOf = ({ Resources = {} }: Template): Asset[] =>
  Object.values(Resources).flatMap(({ Properties: { Code } = {} }) => {
    const { S3Bucket: bucket, S3Key: key } = (Code ?? {}) as { S3Bucket?: unknown; S3Key?: unknown };
    return typeof bucket === 'string' && typeof key === 'string' ? [{ bucket, key }] : [];
  });

async function isGone(client: S3Client, { bucket, key }: Asset, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    return false;
  } catch (error) {
    if (error instanceof S3ServiceException) return error.$metadata.httpStatusCode === 404;
    throw error;
  }
}
