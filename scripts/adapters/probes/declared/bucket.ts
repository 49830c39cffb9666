/** Declared properties of the trade bucket and its policy. */
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import type { ProbeContext } from '../probe.ts';
import { type Properties, parsed, type Readers } from './reader.ts';

export const BUCKET_READERS: Readers = {
  'AWS::S3::Bucket': {
    read: async ({ physicalId, declared, context }) => {
      const { s3 } = context.clients;
      const request = requestFor(physicalId, context);
      const [encryption, versioning, access, lifecycle, ownership] = await Promise.all([
        setOrNot('ServerSideEncryptionConfigurationNotFoundError', s3.send(new GetBucketEncryptionCommand(request))),
        s3.send(new GetBucketVersioningCommand(request)),
        setOrNot('NoSuchPublicAccessBlockConfiguration', s3.send(new GetPublicAccessBlockCommand(request))),
        setOrNot('NoSuchLifecycleConfiguration', s3.send(new GetBucketLifecycleConfigurationCommand(request))),
        setOrNot('OwnershipControlsNotFoundError', s3.send(new GetBucketOwnershipControlsCommand(request))),
      ]);
      const prefix = String(declared['BucketNamePrefix']);
      const isRegional = physicalId.endsWith(`-${context.target.account}-${context.target.region}-an`);
      return {
        BucketEncryption: encryption && {
          ServerSideEncryptionConfiguration: encryption.ServerSideEncryptionConfiguration?.Rules?.map((rule) => ({
            ServerSideEncryptionByDefault: rule.ApplyServerSideEncryptionByDefault,
            BucketKeyEnabled: rule.BucketKeyEnabled,
          })),
        },
        BucketName: physicalId,
        BucketNamePrefix: physicalId.startsWith(prefix) ? prefix : physicalId,
        BucketNamespace: isRegional ? 'account-regional' : 'global',
        LifecycleConfiguration: lifecycle && { Rules: lifecycle.Rules?.map(ruleOf) },
        OwnershipControls: ownership && { Rules: ownership.OwnershipControls?.Rules },
        PublicAccessBlockConfiguration: access?.PublicAccessBlockConfiguration,
        VersioningConfiguration: { Status: versioning.Status },
      };
    },
  },
  'AWS::S3::BucketPolicy': {
    read: async ({ declared, context }) => {
      const Bucket = String(declared['Bucket']);
      const answer = await setOrNot(
        'NoSuchBucketPolicy',
        context.clients.s3.send(new GetBucketPolicyCommand(requestFor(Bucket, context))),
      );
      return { Bucket, PolicyDocument: parsed(answer?.Policy) };
    },
  },
};

/** As the probe of the bucket asks. */
const requestFor = (Bucket: string, { target }: ProbeContext) => ({ Bucket, ExpectedBucketOwner: target.account });

/** A setting nobody made is an error of this name. */
async function setOrNot<T>(absent: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === absent) return undefined;
    throw error;
  }
}

/** S3's names are not CloudFormation's. */
const ruleOf = (rule: LifecycleRule): Properties => ({
  Id: rule.ID,
  Status: rule.Status,
  ExpirationInDays: rule.Expiration?.Days,
  ExpiredObjectDeleteMarker: rule.Expiration?.ExpiredObjectDeleteMarker,
  AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
  NoncurrentVersionExpiration: rule.NoncurrentVersionExpiration,
  NoncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map(({ NoncurrentDays, ...transition }) => ({
    ...transition,
    TransitionInDays: NoncurrentDays,
  })),
  Transitions: rule.Transitions?.map(({ Days, ...transition }) => ({ ...transition, TransitionInDays: Days })),
});
