/**
 * Can a change be undone by deploying the release before it? Yes, with care, or no, and why. Pure.
 */
import { deepEqual } from '@aws-cdk/cloudformation-diff';
import type { Json, PropertyChange, ResourceAction, SettingChange, Undo } from './plan.ts';

export interface ResourceToUndo {
  readonly type: string;
  readonly action: ResourceAction;
  readonly stateful: boolean;
  readonly afterwards?: 'deleted' | 'retained' | 'snapshot';
  readonly properties: readonly PropertyChange[];
  /** The asset it runs now is no longer in the account's asset bucket. */
  readonly expiredAsset: boolean;
}

const WORST: Readonly<Record<Undo['answer'], number>> = { yes: 0, 'with-care': 1, no: 2 };

/** The answer for several reasons is the most cautious of them. */
export function worst(undos: readonly Undo[]): Undo {
  const answer = undos.reduce<Undo['answer']>((a, b) => (WORST[b.answer] > WORST[a] ? b.answer : a), 'yes');
  return { answer, why: [...new Set(undos.flatMap(({ why }) => why))] };
}

const yes: Undo = { answer: 'yes', why: [] };
const withCare = (why: string): Undo => ({ answer: 'with-care', why: [why] });
const no = (why: string): Undo => ({ answer: 'no', why: [why] });

export function undoOfResource(resource: ResourceToUndo): Undo {
  const expired = resource.expiredAsset
    ? withCare(
        'the code that runs now has expired from the asset bucket: CloudFormation can not go back to it by itself',
      )
    : yes;
  return worst([
    undoOfAction(resource),
    ...resource.properties.map((change) => undoOfProperty(resource, change)),
    expired,
  ]);
}

const LEFT_BEHIND = {
  deleted: 'its data is deleted with it',
  snapshot: 'its data is left in a snapshot, to be restored by hand',
  retained: 'its data stays in the old one, which the stack no longer knows',
} as const;

function undoOfAction({ action, stateful, afterwards = 'deleted' }: ResourceToUndo): Undo {
  switch (action) {
    case 'create':
      return stateful ? withCare('undoing deletes what was written to it by then') : yes;
    case 'update':
      return yes;
    case 'delete':
      return stateful
        ? no(`deletion: ${LEFT_BEHIND[afterwards]}`)
        : withCare('deletion: it is made again with another identity');
    case 'replace':
      return stateful
        ? no(`replacement: ${LEFT_BEHIND[afterwards]}`)
        : withCare('replacement: undoing replaces it once more, with another identity');
    case 'may-replace':
      return stateful ? no(`possible replacement: then ${LEFT_BEHIND[afterwards]}`) : withCare('possible replacement');
    default:
      return action satisfies never;
  }
}

interface Rule {
  readonly type: RegExp;
  readonly path: RegExp;
  readonly judge: (change: PropertyChange) => Undo;
}

const asNumber = (value: Json | undefined): number =>
  value === undefined || value === null ? Infinity : Number(value);
/** Without a value: kept for ever. */
const shortened: Rule['judge'] = ({ old, new: next }) =>
  asNumber(next) < asNumber(old) ? no('retention shortened: what is older is deleted and does not come back') : yes;
const switchedOff =
  (why: string): Rule['judge'] =>
  ({ old, new: next }) =>
    isOn(old) && !isOn(next) ? no(why) : yes;
const isOn = (value: Json | undefined): boolean => deepEqual(value, true) || value === 'Enabled';

/**
 * Properties whose change loses something even though the resource stays.
 * Sources: the types' pages in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
 */
const RULES: readonly Rule[] = [
  { type: /^AWS::Logs::LogGroup$/, path: /^RetentionInDays$/, judge: shortened },
  { type: /^AWS::SQS::Queue$/, path: /^MessageRetentionPeriod$/, judge: shortened },
  {
    type: /^AWS::S3::Bucket$/,
    path: /^LifecycleConfiguration\..*(ExpirationInDays|NoncurrentDays|NewerNoncurrentVersions)$/,
    judge: shortened,
  },
  {
    type: /^AWS::S3::Bucket$/,
    path: /^LifecycleConfiguration(\.Rules(\[[^\]]*\])?)?$/,
    judge: ({ new: next }) =>
      /Expiration|Noncurrent/.test(JSON.stringify(next) ?? '')
        ? no('retention may be shortened: objects expire by rules that were not there, and do not come back')
        : yes,
  },
  {
    type: /^AWS::DynamoDB::(Global)?Table$/,
    path: /PointInTimeRecoveryEnabled$|^PointInTimeRecoverySpecification$/,
    judge: ({ old, new: next }) =>
      /true/.test(JSON.stringify(old) ?? '') && !/true/.test(JSON.stringify(next) ?? '')
        ? no('point-in-time recovery off: the points kept so far are gone')
        : yes,
  },
  {
    type: /^AWS::DynamoDB::(Global)?Table$/,
    path: /^TimeToLiveSpecification/,
    judge: () => no('retention shortened: items that expire do not come back'),
  },
  {
    type: /^AWS::DynamoDB::(Global)?Table$/,
    path: /^(Global|Local)SecondaryIndexes/,
    judge: ({ old, new: next }) =>
      old === undefined || next === undefined
        ? withCare('an index is filled anew, which takes time and capacity')
        : yes,
  },
  {
    type: /^AWS::S3::Bucket$/,
    path: /^VersioningConfiguration\.Status$/,
    judge: switchedOff('versioning off: what is overwritten from then on has no earlier version'),
  },
  {
    type: /./,
    path: /(^|\.)(Kms(Master|Data)?KeyId|KMSMasterKeyID|KmsKeyArn|SSESpecification|BucketEncryption|KmsKey)(\.|$)/i,
    judge: () => withCare('key change: what was written under one key stays under it; keep both'),
  },
];

function undoOfProperty({ type, action }: ResourceToUndo, change: PropertyChange): Undo {
  if (action !== 'update') return yes;
  return worst(
    RULES.filter((rule) => rule.type.test(type) && rule.path.test(change.path)).map((rule) => rule.judge(change)),
  );
}

export function undoOfSetting({ kind, action }: Pick<SettingChange, 'kind' | 'action'>): Undo {
  return kind === 'export' && action === 'remove'
    ? withCare(
        'export removed: CloudFormation refuses it while a stack imports it, and nothing can import it until it is back',
      )
    : yes;
}
