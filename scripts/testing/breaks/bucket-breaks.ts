/** Breaks of the trade bucket: retention, policy, encryption, versions, public access. */
import {
  DeletePublicAccessBlockCommand,
  type GetBucketEncryptionCommandOutput,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  type GetBucketPolicyCommandOutput,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { resourceName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import { type Break, rewriteAnswer } from './break.ts';

const bucketName = ({ config }: DeployedEnvironment): string =>
  `${resourceName('trade-data', config.name)}-${config.account}-${config.region}-an`;

const lifecycle = (id: string, change: (rules: LifecycleRule[]) => LifecycleRule[]): Break => ({
  id,
  of: bucketName,
  apply: async (environment) => {
    const { s3 } = environment.clients;
    const Bucket = bucketName(environment);
    const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const put = (rules: LifecycleRule[]) =>
      s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules } }));
    await put(change(Rules));
    return () => put(Rules);
  },
});

const bucketPolicy = (id: string, change: (statements: object[]) => object[]): Break => ({
  id,
  of: bucketName,
  apply: async (environment) => {
    const { s3 } = environment.clients;
    const Bucket = bucketName(environment);
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    const document = JSON.parse(Policy) as { Statement: object[] };
    const changed = JSON.stringify({ ...document, Statement: change(document.Statement) });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: changed }));
    return () => s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  },
});

export const BUCKET_BREAKS: readonly Break[] = [
  lifecycle('bucket.retention', (rules) =>
    rules.map((rule) => (rule.Expiration?.Days === undefined ? rule : { ...rule, Expiration: { Days: 1 } })),
  ),
  lifecycle('bucket.colder-classes', (rules) =>
    rules.map((rule) =>
      rule.Expiration?.Days === undefined ? rule : { ...rule, Transitions: [{ Days: 3, StorageClass: 'GLACIER' }] },
    ),
  ),
  lifecycle('bucket.incomplete-uploads', (rules) =>
    rules.filter(({ AbortIncompleteMultipartUpload }) => AbortIncompleteMultipartUpload === undefined),
  ),
  lifecycle('bucket.old-versions', (rules) => rules.map(({ NoncurrentVersionExpiration: _, ...rule }) => rule)),
  bucketPolicy('bucket.tls-only', (statements) =>
    statements.filter((statement) => !JSON.stringify(statement).includes('SecureTransport')),
  ),
  {
    id: 'bucket.policy-public',
    of: bucketName,
    // Rewritten: blocked public access refuses such a policy.
    apply: async ({ clients }) =>
      rewriteAnswer<GetBucketPolicyCommandOutput>(clients.s3, 'GetBucketPolicyCommand', (answer) => {
        const document = JSON.parse(answer.Policy ?? '') as { Statement: object[] };
        const open = { Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::*' };
        return { ...answer, Policy: JSON.stringify({ ...document, Statement: [...document.Statement, open] }) };
      }),
  },
  {
    id: 'bucket.encryption',
    of: bucketName,
    // Rewritten: S3 encrypts whatever is deleted, since 2023.
    apply: async ({ clients }) =>
      rewriteAnswer<GetBucketEncryptionCommandOutput>(clients.s3, 'GetBucketEncryptionCommand', (answer) => ({
        ...answer,
        ServerSideEncryptionConfiguration: { Rules: [] },
      })),
  },
  {
    id: 'bucket.versioning',
    of: bucketName,
    apply: async (environment) => {
      const put = (Status: 'Enabled' | 'Suspended') =>
        environment.clients.s3.send(
          new PutBucketVersioningCommand({ Bucket: bucketName(environment), VersioningConfiguration: { Status } }),
        );
      await put('Suspended');
      return () => put('Enabled');
    },
  },
  {
    id: 'bucket.public-access',
    of: bucketName,
    apply: async (environment) => {
      const { s3 } = environment.clients;
      const Bucket = bucketName(environment);
      const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
      return () => s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    },
  },
];
