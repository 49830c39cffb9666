/** Is the trade bucket encrypted, versioned, closed to the public, TLS only, and does it keep trades as long as it should? */
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import { resourceName } from '../../../environments/naming.ts';
import type { Check, CheckedResource } from '../../core/check.ts';
import { describeDuration } from '../../core/render/duration.ts';
import { assess, assessPresent, type Subject } from '../../core/validation/assess.ts';
import { DAY_SECONDS } from '../../core/validation/house-rules.ts';
import { exactly, oneOf, satisfying } from '../../core/validation/matchers.ts';
import type { Observation } from '../../core/validation/observation.ts';
import { admitsAnyone, deniesPlainTransport } from '../../core/validation/policy-documents.ts';
import { observe, observeOptional } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext, remedyFor } from './probe.ts';

const NO_PUBLIC_ACCESS = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

export const bucket: Probe = {
  name: 'bucket',
  observe: async (context) => {
    const id = context.inventory.idOf('s3', 'AWS::S3::Bucket');
    if (id.state !== 'observed') {
      return assessPresent({ name: resourceName('trade-data', context.config.name) }, 'bucket.present', id, []);
    }
    return lookAt(id.value, context);
  },
};

async function lookAt(name: string, context: ProbeContext): Promise<Check[]> {
  const { s3 } = context.clients;
  const request = { Bucket: name, ExpectedBucketOwner: context.target.account };
  const [head, encryption, versioning, publicAccess, policy, lifecycle] = await Promise.all([
    observe((options) => s3.send(new HeadBucketCommand(request), options)),
    observeOptional(['ServerSideEncryptionConfigurationNotFoundError'], (options) =>
      s3.send(new GetBucketEncryptionCommand(request), options),
    ),
    observe((options) => s3.send(new GetBucketVersioningCommand(request), options)),
    observeOptional(['NoSuchPublicAccessBlockConfiguration'], (options) =>
      s3.send(new GetPublicAccessBlockCommand(request), options),
    ),
    observeOptional(['NoSuchBucketPolicy'], (options) => s3.send(new GetBucketPolicyCommand(request), options)),
    observeOptional(['NoSuchLifecycleConfiguration'], (options) =>
      s3.send(new GetBucketLifecycleConfigurationCommand(request), options),
    ),
  ]);
  const subject: Subject = { name, resource: { type: 'AWS::S3::Bucket', id: name } };
  const house = houseRemedy(context);
  const checks = assessPresent(subject, 'bucket.present', head, []);
  if (head.state === 'missing') return checks;
  return [
    ...checks,
    ...assess(subject, encryption, [
      {
        id: 'bucket.encryption',
        expected: oneOf(['aws:kms', 'AES256', 'aws:kms:dsse']),
        actual: (answer) =>
          answer?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
        remedy: house,
      },
    ]),
    ...assess(subject, versioning, [
      { id: 'bucket.versioning', expected: exactly('Enabled'), actual: ({ Status }) => Status ?? 'off', remedy: house },
    ]),
    ...assess(subject, publicAccess, [
      {
        id: 'bucket.public-access',
        expected: exactly(NO_PUBLIC_ACCESS),
        actual: (answer) => answer?.PublicAccessBlockConfiguration,
        remedy: house,
      },
    ]),
    ...assess({ name, resource: policyOf(name, context) }, policy, [
      {
        id: 'bucket.tls-only',
        expected: exactly(true),
        actual: (answer) => deniesPlainTransport(answer?.Policy, 's3'),
        remedy: house,
      },
      {
        id: 'bucket.policy-public',
        expected: exactly(false),
        actual: (answer) => admitsAnyone(answer?.Policy),
        remedy: house,
      },
    ]),
    ...assessLifecycle(subject, lifecycle, context),
  ];
}

/** The policy is a resource of its own. */
const policyOf = (name: string, { inventory }: ProbeContext): CheckedResource =>
  inventory.referring('s3', 'AWS::S3::BucketPolicy', 'Bucket', name) ?? { type: 'AWS::S3::Bucket', id: name };

function assessLifecycle(
  subject: Subject,
  lifecycle: Observation<{ Rules?: LifecycleRule[] | undefined } | undefined>,
  context: ProbeContext,
): Check[] {
  const { retentionDays } = context.config.bucket;
  const house = houseRemedy(context);
  const active = (answer: { Rules?: LifecycleRule[] | undefined } | undefined): LifecycleRule[] =>
    (answer?.Rules ?? []).filter(({ Status }) => Status === 'Enabled');
  return assess(subject, lifecycle, [
    {
      id: 'bucket.retention',
      expected:
        retentionDays === null
          ? satisfying('kept for ever', (actual) => actual === 'kept for ever')
          : exactly(describeDuration(retentionDays * DAY_SECONDS)),
      actual: (answer) => {
        const days = shortest(active(answer).map(({ Expiration }) => Expiration?.Days));
        return days === undefined ? 'kept for ever' : describeDuration(days * DAY_SECONDS);
      },
      remedy: remedyFor(context, 'bucket.retentionDays'),
    },
    {
      id: 'bucket.colder-classes',
      expected: exactly(retentionDays === null),
      actual: (answer) => active(answer).some(({ Transitions }) => (Transitions ?? []).length > 0),
      remedy: house,
    },
    {
      id: 'bucket.incomplete-uploads',
      expected: exactly(true),
      actual: (answer) => active(answer).some((rule) => rule.AbortIncompleteMultipartUpload !== undefined),
      remedy: house,
    },
    {
      id: 'bucket.old-versions',
      expected: exactly(true),
      actual: (answer) =>
        active(answer).some(
          (rule) =>
            rule.NoncurrentVersionExpiration !== undefined || (rule.NoncurrentVersionTransitions ?? []).length > 0,
        ),
      remedy: house,
    },
  ]);
}

/** The rule that expires first is the one that counts. */
function shortest(days: readonly (number | undefined)[]): number | undefined {
  const set = days.filter((value) => value !== undefined);
  return set.length === 0 ? undefined : Math.min(...set);
}
