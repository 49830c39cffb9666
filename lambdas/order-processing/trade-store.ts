/**
 * The bucket of trade records. A record is written once and never overwritten.
 */
import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { callDependency } from '../shared/dependency-call.ts';
import type { TradeRecord } from './trade-record.ts';

export interface TradeStore {
  /**
   * Writes the record unless it is there.
   * @throws DependencyUnavailableError when S3 fails after the client's retries; the record may be there all the same
   */
  writeOnce(record: TradeRecord): Promise<'written' | 'already-there'>;
}

/** The answer to `If-None-Match: *` when the key exists: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const PRECONDITION_FAILED = 412;

export const makeTradeStore = (client: S3Client, bucketName: string): TradeStore => ({
  writeOnce: (record) =>
    callDependency('trade bucket', async () => {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucketName,
            Key: record.key,
            Body: record.content,
            ContentType: 'application/json',
            IfNoneMatch: '*',
          }),
        );
        return 'written';
      } catch (error) {
        if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === PRECONDITION_FAILED) {
          return 'already-there';
        }
        throw error;
      }
    }),
});
