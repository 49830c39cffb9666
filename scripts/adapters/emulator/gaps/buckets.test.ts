/**
 * Buckets of a template, seen through the S3 API.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { emulatedStack, ownTags } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';

const ACCOUNT = '210000000006';
const account = await withEmulatedAccount({ after }, { account: ACCOUNT });
const s3 = new S3Client(account.client);
const outputs = { Name: { Ref: 'Data' } };

const bucket = (properties: Record<string, unknown>): Record<string, unknown> => ({
  Data: {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketNamePrefix: 'trade-data-dev', BucketNamespace: 'account-regional', ...properties },
  },
});
const encryptedBy = (algorithm: string): Record<string, unknown> => ({
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }],
  },
});

test('a bucket named by prefix gets its name in the account-regional namespace, and keeps it', async () => {
  const stack = emulatedStack(account, 'names');
  const { Name } = await stack.put(bucket({ VersioningConfiguration: { Status: 'Enabled' } }), { outputs });
  assert.equal(Name, `trade-data-dev-${ACCOUNT}-us-east-1-an`);
  assert.deepEqual(await stack.put(bucket({}), { outputs }), { Name });
  assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket: Name }))).Status, 'Suspended');
  await stack.delete();
  await assert.rejects(s3.send(new HeadBucketCommand({ Bucket: Name })));
});

test('encryption, ownership, lifecycle and tags of a template are kept', async () => {
  const stack = emulatedStack(account, 'settings');
  const { Name: Bucket } = await stack.put(
    bucket({
      ...encryptedBy('aws:kms'),
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'all',
            Status: 'Enabled',
            ExpirationInDays: 30,
            NoncurrentVersionExpiration: { NoncurrentDays: 7 },
            NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 1 }],
            Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 20 }],
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
          },
        ],
      },
      Tags: [{ Key: 'own', Value: 'x' }],
    }),
    { outputs, tags: { owner: 'a' } },
  );

  const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  assert.deepEqual(
    encryption.ServerSideEncryptionConfiguration?.Rules?.map((rule) => rule.ApplyServerSideEncryptionByDefault),
    [{ SSEAlgorithm: 'aws:kms' }],
  );
  const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
  assert.deepEqual(ownership.OwnershipControls?.Rules, [{ ObjectOwnership: 'BucketOwnerEnforced' }]);
  const { Rules: [rule] = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  assert.deepEqual(rule?.Expiration, { Days: 30 });
  assert.deepEqual(rule?.Transitions, [{ Days: 20, StorageClass: 'GLACIER_IR' }]);
  assert.deepEqual(rule?.NoncurrentVersionExpiration, { NoncurrentDays: 7 });
  assert.deepEqual(rule?.NoncurrentVersionTransitions, [{ NoncurrentDays: 1, StorageClass: 'GLACIER_IR' }]);
  assert.deepEqual(rule?.AbortIncompleteMultipartUpload, { DaysAfterInitiation: 2 });
  const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
  assert.deepEqual(ownTags(TagSet), { own: 'x', owner: 'a' });

  await stack.put(bucket(encryptedBy('AES256')), { outputs });
  await assert.rejects(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), /does not exist/);
  await stack.delete();
});

test('a lifecycle rule that would not be kept is refused', async () => {
  const rule = { Status: 'Enabled', ExpirationInDays: 1, TagFilters: [{ Key: 'a', Value: 'b' }] };
  const stack = emulatedStack(account, 'refused');
  await assert.rejects(stack.put(bucket({ LifecycleConfiguration: { Rules: [rule] } })), /not emulated: TagFilters/);
  await stack.delete();
});

test('a bucket that holds objects stops the deletion of its stack', async () => {
  const stack = emulatedStack(account, 'full');
  const { Name: Bucket } = await stack.put(bucket({}), { outputs });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'trade', Body: 'x' }));
  await assert.rejects(stack.delete(), /DELETE_FAILED.*not empty/);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'trade' }));
  await stack.delete();
});

test('aws:kms without a key uses the key of the account: the bootstrap bucket can be written to', async () => {
  const stack = emulatedStack(account, 'managed-key');
  const { Name: Bucket } = await stack.put(bucket(encryptedBy('aws:kms')), { outputs });
  const put = new PutObjectCommand({ Bucket, Key: 'asset', Body: 'x', ServerSideEncryption: 'aws:kms' });
  assert.match((await s3.send(put)).SSEKMSKeyId ?? '', /alias\/aws\/s3$/);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'asset' }));
  await stack.delete();
});
