import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { testStack } from '../testing/test-stack.ts';
import { EncryptedBucket } from './encrypted-bucket.ts';

const template = testStack((stack) => {
  new EncryptedBucket(stack, 'Bucket', {
    namePrefix: 'things-test',
    lifecycleRules: [{ id: 'expire', expiration: Duration.days(3) }],
  });
});

it('names a bucket in the namespace of the account and region', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    BucketNamePrefix: 'things-test',
    BucketNamespace: 'account-regional',
    BucketName: Match.absent(),
  });
});

it('encrypts and versions it, and closes it to the public', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    VersioningConfiguration: { Status: 'Enabled' },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
});

it('refuses plain text and old TLS', () => {
  const denied = (condition: object) =>
    Match.objectLike({ Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' }, Condition: condition });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        denied({ Bool: { 'aws:SecureTransport': 'false' } }),
        denied({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
      ]),
    },
  });
});

it('removes incomplete uploads, and does what the caller asks besides', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: [
        Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
        Match.objectLike({ Id: 'expire', ExpirationInDays: 3 }),
      ],
    },
  });
});

it('goes with its stack, and nothing empties it for that', () => {
  template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  const types = Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>).map(
    ({ Type }) => Type,
  );
  assert.deepEqual(types, ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy']);
});
