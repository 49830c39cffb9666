/**
 * What this house asks of every template, beyond cdk-nag. Read off the finished template, so that nothing a construct
 * or an escape hatch did on the way is missed. Pure.
 */

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Export?: unknown }>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Finding {
  /** Kebab-case; for a statement of a policy its Sid in brackets: `wildcard-resource[FollowDriftDetection]`. */
  readonly rule: string;
  readonly logicalId: string;
  /** What is wrong and what to change. */
  readonly description: string;
}

/** What an alarm's description must say; alarms are made with it by `ImpactAlarm`. */
const IMPACT_LABEL = 'Impact:';

/** Everything in a template that breaks a rule of this house. */
export function findBreaches(template: Template): Finding[] {
  const resources = Object.entries(template.Resources ?? {}).map(([logicalId, resource]) => ({
    logicalId,
    type: resource.Type,
    properties: resource.Properties ?? {},
  }));
  return [
    ...resources.flatMap((resource) => RULES.flatMap((rule) => rule(resource, resources))),
    ...findExports(template),
  ];
}

interface Candidate {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

type Rule = (resource: Candidate, all: readonly Candidate[]) => Finding[];

const BUCKET = 'AWS::S3::Bucket';
const ALARMS = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];

const RULES: readonly Rule[] = [
  function bucketIsEncrypted({ logicalId, type, properties }) {
    if (type !== BUCKET || properties['BucketEncryption'] !== undefined) return [];
    return [
      { rule: 'bucket-encrypted', logicalId, description: 'A bucket says how it is encrypted: use EncryptedBucket.' },
    ];
  },

  function bucketIsClosed({ logicalId, type, properties }) {
    if (type !== BUCKET) return [];
    const block = asRecord(properties['PublicAccessBlockConfiguration']);
    const closed = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
    if (closed.every((setting) => block[setting] === true)) return [];
    return [
      { rule: 'bucket-closed', logicalId, description: 'A bucket blocks all public access: use EncryptedBucket.' },
    ];
  },

  function bucketTakesTlsOnly({ logicalId, type }, all) {
    if (type !== BUCKET) return [];
    const policies = all.filter(
      ({ type: other, properties }) => other === 'AWS::S3::BucketPolicy' && refersTo(properties['Bucket'], logicalId),
    );
    if (policies.some(({ properties }) => statementsOf(properties['PolicyDocument']).some(deniesPlainText))) return [];
    return [{ rule: 'bucket-tls-only', logicalId, description: 'A bucket refuses plain text: use EncryptedBucket.' }];
  },

  function logsEnd({ logicalId, type, properties }) {
    if (type !== 'AWS::Logs::LogGroup' || properties['RetentionInDays'] !== undefined) return [];
    return [{ rule: 'log-retention', logicalId, description: 'A log group has a retention: use ManagedLogGroup.' }];
  },

  function alarmsSayTheirImpact({ logicalId, type, properties }) {
    if (!ALARMS.includes(type) || String(properties['AlarmDescription']).includes(IMPACT_LABEL)) return [];
    return [{ rule: 'alarm-impact', logicalId, description: 'An alarm says whom it hurts: use ImpactAlarm.' }];
  },

  function actionsAreNamed({ logicalId, ...resource }) {
    return identityStatements(resource)
      .filter((statement) => statement['Effect'] !== 'Deny' && asArray(statement['Action']).some(isWholeService))
      .map((statement) => ({
        rule: `wildcard-action[${labelOf(statement)}]`,
        logicalId,
        description: 'A role names its actions, one by one.',
      }));
  },

  function resourcesAreNamed({ logicalId, ...resource }) {
    return identityStatements(resource)
      .filter((statement) => statement['Effect'] !== 'Deny' && asArray(statement['Resource']).some(isWildcard))
      .map((statement) => ({
        rule: `wildcard-resource[${labelOf(statement)}]`,
        logicalId,
        description: 'A role names its resources; where it can not, the statement is acknowledged with the reason.',
      }));
  },

  function valuesTravelByParameter({ logicalId, properties }) {
    if (!JSON.stringify(properties).includes('"Fn::ImportValue"')) return [];
    return [
      { rule: 'no-import-value', logicalId, description: 'Values travel by SSM parameter: use publish() and read().' },
    ];
  },
];

function findExports({ Outputs = {} }: Template): Finding[] {
  return Object.entries(Outputs)
    .filter(([, output]) => output.Export !== undefined)
    .map(([logicalId]) => ({
      rule: 'no-import-value',
      logicalId,
      description: 'An export can not change while it is imported: use publish() and read().',
    }));
}

const MANAGED_POLICY = 'AWS::IAM::ManagedPolicy';

/** Statements of what a role may do: in a role, in a policy attached to one, or to be attached. Not who may take it. */
function identityStatements({ type, properties }: Pick<Candidate, 'type' | 'properties'>): Record<string, unknown>[] {
  const ofRole = properties['Roles'] !== undefined || properties['AssumeRolePolicyDocument'] !== undefined;
  if (!ofRole && type !== MANAGED_POLICY) return [];
  const inline = asArray(properties['Policies']).map((policy) => asRecord(policy)['PolicyDocument']);
  return [properties['PolicyDocument'], ...inline].flatMap(statementsOf);
}

const statementsOf = (document: unknown): Record<string, unknown>[] =>
  asArray(asRecord(document)['Statement']).map(asRecord);

const deniesPlainText = (statement: Record<string, unknown>): boolean =>
  statement['Effect'] === 'Deny' &&
  asRecord(asRecord(statement['Condition'])['Bool'])['aws:SecureTransport'] === 'false';

/** What an acknowledgement calls a statement: its Sid, or its first action where CDK gave it none. */
const labelOf = (statement: Record<string, unknown>): string =>
  String(statement['Sid'] ?? asArray(statement['Action'])[0]);

const isWholeService = (action: unknown): boolean => action === '*' || String(action).endsWith(':*');
/** Anywhere in the ARN, also where it is joined from parts. */
const isWildcard = (resource: unknown): boolean => JSON.stringify(resource).includes('*');

const refersTo = (value: unknown, logicalId: string): boolean => asRecord(value)['Ref'] === logicalId;
const asArray = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
