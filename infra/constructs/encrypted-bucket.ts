/**
 * A bucket as this house wants it: encrypted, versioned, closed to the public, TLS only, named in the account's own
 * namespace. Removed with its stack, but only when empty: nothing here deletes objects to make a deletion pass.
 */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  BucketNamespace,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface EncryptedBucketProps {
  /** AWS appends `-{account}-{region}-an`: unique in the world, and nobody else can take the name. */
  readonly namePrefix: string;
  /** What happens to objects as they age; incomplete uploads are always removed. */
  readonly lifecycleRules: readonly LifecycleRule[];
}

export class EncryptedBucket extends Bucket {
  constructor(scope: Construct, id: string, props: EncryptedBucketProps) {
    super(scope, id, {
      bucketNamespace: BucketNamespace.ACCOUNT_REGIONAL,
      bucketNamePrefix: props.namePrefix,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        { id: 'remove-incomplete-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...props.lifecycleRules,
      ],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Roles of this repository alone reach it; access logs would be one more bucket to guard.',
    });
  }
}
