import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findBreaches, type Resource, type Template } from './house-rules.ts';

const rulesBrokenBy = (Resources: Record<string, Resource>, Outputs: Template['Outputs'] = {}): string[] =>
  findBreaches({ Resources, Outputs }).map(({ rule, logicalId }) => `${logicalId}: ${rule}`);

const goodBucket: Record<string, Resource> = {
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: {},
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    },
  },
  Policy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: {
        Statement: { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      },
    },
  },
};

const rolePolicy = (...Statement: object[]): Record<string, Resource> => ({
  Policy: { Type: 'AWS::IAM::Policy', Properties: { Roles: ['role'], PolicyDocument: { Statement } } },
});

describe('buckets', () => {
  it('may be encrypted, closed and TLS only', () => {
    assert.deepEqual(rulesBrokenBy(goodBucket), []);
  });

  it('may not be bare', () => {
    assert.deepEqual(rulesBrokenBy({ Bucket: { Type: 'AWS::S3::Bucket' } }), [
      'Bucket: bucket-encrypted',
      'Bucket: bucket-closed',
      'Bucket: bucket-tls-only',
    ]);
  });

  it('may not be closed by halves', () => {
    const half = structuredClone(goodBucket);
    Object.assign(half['Bucket']?.Properties?.['PublicAccessBlockConfiguration'] as object, {
      BlockPublicPolicy: false,
    });
    assert.deepEqual(rulesBrokenBy(half), ['Bucket: bucket-closed']);
  });

  it('may not rely on the policy of another bucket, or on one that denies something else', () => {
    const other = structuredClone(goodBucket);
    Object.assign(other['Policy']?.Properties as object, { Bucket: { Ref: 'Another' } });
    assert.deepEqual(rulesBrokenBy(other), ['Bucket: bucket-tls-only']);
    const statement = { Effect: 'Allow', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const allows = structuredClone(goodBucket);
    Object.assign(allows['Policy']?.Properties as object, { PolicyDocument: { Statement: [statement] } });
    assert.deepEqual(rulesBrokenBy(allows), ['Bucket: bucket-tls-only']);
  });
});

describe('roles', () => {
  it('may name actions and resources', () => {
    assert.deepEqual(
      rulesBrokenBy(rolePolicy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/k' })),
      [],
    );
  });

  for (const Action of ['*', 's3:*', ['s3:GetObject', 's3:*']]) {
    it(`may not do ${JSON.stringify(Action)}`, () => {
      const policy = rolePolicy({ Sid: 'All', Effect: 'Allow', Action, Resource: 'arn:aws:s3:::b/k' });
      assert.deepEqual(rulesBrokenBy(policy), ['Policy: wildcard-action[All]']);
    });
  }

  const joined = { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'Bucket' }, '/*']] };
  for (const Resource of ['*', 'arn:aws:s3:::b/*', ['arn:aws:s3:::b', joined], joined]) {
    it(`may not reach ${JSON.stringify(Resource)} without a reason`, () => {
      const policy = rolePolicy({ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource });
      assert.deepEqual(rulesBrokenBy(policy), ['Policy: wildcard-resource[s3:GetObject]']);
    });
  }

  it('may be denied anything', () => {
    assert.deepEqual(rulesBrokenBy(rolePolicy({ Effect: 'Deny', Action: '*', Resource: '*' })), []);
  });

  it('are looked into where policies are inline, generic resources too', () => {
    const statement = { Sid: 'All', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
    const role = {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [] },
        Policies: [{ PolicyName: 'Inline', PolicyDocument: { Statement: [statement] } }],
      },
    };
    assert.deepEqual(rulesBrokenBy({ Role: role }), ['Role: wildcard-resource[All]']);
  });

  it('is not hidden in a managed policy, whoever it is for', () => {
    const Statement = { Sid: 'All', Effect: 'Allow', Action: 's3:*', Resource: '*' };
    const policy = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement } } };
    assert.deepEqual(rulesBrokenBy({ Policy: policy }), [
      'Policy: wildcard-action[All]',
      'Policy: wildcard-resource[All]',
    ]);
  });
});

describe('the rest', () => {
  it('alarms say their impact', () => {
    const alarm = (AlarmDescription?: string) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmDescription } });
    assert.deepEqual(rulesBrokenBy({ Alarm: alarm('Impact: nobody can pay.') }), []);
    assert.deepEqual(rulesBrokenBy({ Alarm: alarm('CPU high'), Bare: alarm() }), [
      'Alarm: alarm-impact',
      'Bare: alarm-impact',
    ]);
    assert.deepEqual(rulesBrokenBy({ All: { Type: 'AWS::CloudWatch::CompositeAlarm' } }), ['All: alarm-impact']);
  });

  it('log groups end', () => {
    const group = (Properties: Resource['Properties']) => ({ Type: 'AWS::Logs::LogGroup', Properties });
    assert.deepEqual(rulesBrokenBy({ Logs: group({ RetentionInDays: 7 }) }), []);
    assert.deepEqual(rulesBrokenBy({ Logs: group({}) }), ['Logs: log-retention']);
  });

  it('values are not imported, nor exported', () => {
    const imports = { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::ImportValue': 'other' } } };
    assert.deepEqual(rulesBrokenBy({ Topic: imports }), ['Topic: no-import-value']);
    assert.deepEqual(rulesBrokenBy({}, { Out: { Export: { Name: 'name' } }, Fine: {} }), ['Out: no-import-value']);
  });
});
