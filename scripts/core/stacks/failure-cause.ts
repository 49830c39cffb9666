/**
 * Why an operation on a stack failed: the first real cause among its events, not one of the many that follow. Pure.
 */

/** What is needed of a stack event. The same names as CloudFormation's. */
export interface StackEventFacts {
  readonly stackId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface FailureCause {
  readonly logicalId: string;
  readonly type: string;
  /** `CREATE_FAILED` and its kind. */
  readonly status: string;
  /** The service's own words; says so when it gave none. */
  readonly reason: string;
  readonly at: string;
}

const FAILED = /^(CREATE|UPDATE|DELETE|IMPORT)_FAILED$/;
/** What CloudFormation says of a resource it stopped because another one failed. */
const CANCELLED = /^Resource (creation|update|deletion) cancell?ed/i;
/** Only a call makes these; the others CloudFormation also starts itself, after a failure. */
const BY_CALL_ALONE = /^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$/;
const BY_CALL = /^user initiated/i;

const aboutStackItself = (event: StackEventFacts): boolean => event.physicalId === event.stackId;

/** True for the event an operation begins with: older events are about earlier operations. */
export const beginsOperation = (event: StackEventFacts): boolean =>
  aboutStackItself(event) &&
  (BY_CALL_ALONE.test(event.status) || (/_IN_PROGRESS$/.test(event.status) && BY_CALL.test(event.reason)));

/**
 * The first failure that is not the consequence of another.
 * @param newestFirst the events of one operation, in the order CloudFormation gives them
 * @returns undefined when nothing failed
 */
export function firstCause(newestFirst: readonly StackEventFacts[]): FailureCause | undefined {
  const failures = [...newestFirst].reverse().filter(({ status }) => FAILED.test(status));
  const first =
    failures.find((event) => !aboutStackItself(event) && !CANCELLED.test(event.reason)) ??
    failures.find(aboutStackItself);
  if (first === undefined) return undefined;
  const { logicalId, type, status, at } = first;
  return { logicalId, type, status, at, reason: first.reason === '' ? 'CloudFormation gave no reason' : first.reason };
}

/** `OrdersTable (AWS::DynamoDB::Table) CREATE_FAILED: Table already exists`. Without a final full stop. */
export const renderCause = ({ logicalId, type, status, reason }: FailureCause): string =>
  `${logicalId} (${type}) ${status}: ${reason.trim().replace(/\.$/, '')}`;
