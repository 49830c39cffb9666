/**
 * Objects that are written once: S3 makes `If-None-Match: *` atomic.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
import { S3ServiceException } from '@aws-sdk/client-s3';

/** 412: there is such an object already. */
export const isAlreadyThere = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;

/** 409: someone else writes the same key at this moment; who comes first is not decided. */
export const isContended = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name === 'ConditionalRequestConflict';
