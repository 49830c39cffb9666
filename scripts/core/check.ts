/**
 * A Check: one thing that was looked at. Validation and drift are both lists of Checks. Pure.
 */

export type CheckStatus = 'pass' | 'fail' | 'unknown';

/** A live resource, as CloudFormation knows it. Detectors of drift merge their findings by it. */
export interface CheckedResource {
  /** `AWS::Lambda::Function` */
  readonly type: string;
  /** CloudFormation's physical id. */
  readonly id: string;
}

export interface Check {
  /** Stable kind of the check, kebab-case with dots: `function.memory`. The key of `Unanswerable`. */
  readonly id: string;
  /** The thing looked at, as a person names it: `order-processing-dev`. */
  readonly subject: string;
  /** The resource behind the subject, where there is exactly one. */
  readonly resource?: CheckedResource;
  readonly status: CheckStatus;
  /** Rendered for people; JSON-able for machines. */
  readonly expected: unknown;
  readonly actual: unknown;
  /** Why it failed, or why it could not be answered, and what to do. Empty for a plain pass. */
  readonly detail: string;
}

/** A check a target can't answer, and why: the emulator has such a list, AWS has none. */
export interface Unanswerable {
  readonly id: string;
  readonly reason: string;
}

export interface Verdict {
  readonly ok: boolean;
  readonly counts: Readonly<Record<CheckStatus, number>>;
  readonly failed: readonly Check[];
  /** Unknown checks that the target's list does not excuse: they block. */
  readonly unexcused: readonly Check[];
}

/**
 * Decides over a list of checks. Valid means: at least one check ran, none failed, and each unknown one is excused
 * by the target. An empty list is never valid.
 */
export function judge(checks: readonly Check[], unanswerable: readonly Unanswerable[]): Verdict {
  const excused = new Set(unanswerable.map(({ id }) => id));
  const failed = checks.filter(({ status }) => status === 'fail');
  const unknown = checks.filter(({ status }) => status === 'unknown');
  const unexcused = unknown.filter(({ id }) => !excused.has(id));
  return {
    ok: checks.length > 0 && failed.length === 0 && unexcused.length === 0,
    counts: { pass: checks.length - failed.length - unknown.length, fail: failed.length, unknown: unknown.length },
    failed,
    unexcused,
  };
}
