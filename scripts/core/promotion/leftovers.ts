/**
 * Stacks that a rollback finds beyond those of the release it brings back: which of them may go. Pure.
 */

/** A stack that the release does not have, and what is in it. */
export interface LeftoverStack {
  readonly name: string;
  readonly resources: readonly { readonly type: string; readonly logicalId: string }[];
}

export interface LeftoverDecision {
  readonly name: string;
  readonly remove: boolean;
  /** Why it is left; why it may go. */
  readonly reason: string;
}

/**
 * Types that hold nothing a deployment can't make again. Only these: what is not known may hold data.
 * Log groups and queues are missing on purpose: what was logged and what was sent is data.
 */
const HOLDS_NOTHING: readonly RegExp[] = [
  /^AWS::(Lambda|IAM|ApiGateway|ApiGatewayV2|CloudWatch|Events|SNS|ApplicationAutoScaling|WAFv2)::/,
  /^AWS::EC2::(?!Volume|Instance|Snapshot)/,
  /^AWS::SSM::Parameter$/,
  /^AWS::SQS::QueuePolicy$/,
  /^AWS::S3::BucketPolicy$/,
  /^AWS::CDK::Metadata$/,
];

const holdsNothing = (type: string): boolean => HOLDS_NOTHING.some((pattern) => pattern.test(type));

/**
 * Removed is only what the undone release brought and what holds no data; all else is left to a person.
 * @param undone names of the stacks of the release that is undone; null when that can't be known any more
 */
export function decideLeftover({ name, resources }: LeftoverStack, undone: readonly string[] | null): LeftoverDecision {
  if (undone === null) return left(name, 'the release that is undone is not in the store, so nobody knows whose it is');
  if (!undone.includes(name)) return left(name, 'it is of neither release: made by hand, or left from earlier');
  const data = resources.filter(({ type }) => !holdsNothing(type));
  if (data.length > 0) {
    return left(name, `it may hold data: ${data.map(({ type, logicalId }) => `${logicalId} (${type})`).join(', ')}`);
  }
  return { name, remove: true, reason: 'only the release that was undone had it, and it holds no data' };
}

const left = (name: string, reason: string): LeftoverDecision => ({ name, remove: false, reason });
