/**
 * An expectation beside an observation gives a Check: the one place that decides pass, fail or unknown. Pure.
 */
import type { Check, CheckedResource } from '../check.ts';
import { canonical, type Matcher } from './matchers.ts';
import type { Observation } from './observation.ts';

/** What is looked at, as the report names it and as detectors merge it. */
export interface Subject {
  /** `order-processing-dev` */
  readonly name: string;
  readonly resource?: CheckedResource;
}

/** One property of a live thing and what it should be. */
export interface Expectation<T> {
  /** `function.memory` */
  readonly id: string;
  readonly expected: Matcher;
  actual(value: T): unknown;
  /** What to do when it does not hold: one sentence or two, naming the setting or the command. */
  readonly remedy: string;
}

/** Holds every expectation against one observation of the subject; a missing subject fails all of them. */
export function assess<T>(
  subject: Subject,
  observation: Observation<T>,
  expectations: readonly Expectation<T>[],
): Check[] {
  return expectations.map((expectation) => assessOne(subject, observation, expectation));
}

/**
 * As `assess`, led by the check `presentId`. A missing thing fails that one check and the others are left out: one
 * cause, one finding.
 */
export function assessPresent<T>(
  subject: Subject,
  presentId: string,
  observation: Observation<T>,
  expectations: readonly Expectation<T>[],
  remedy = 'Deploy the environment again: the stack that makes it has lost it.',
): Check[] {
  const present: Check = {
    id: presentId,
    subject: subject.name,
    ...(subject.resource && { resource: subject.resource }),
    expected: 'present',
    ...verdictOnPresence(observation, remedy),
  };
  return observation.state === 'missing' ? [present] : [present, ...assess(subject, observation, expectations)];
}

function verdictOnPresence<T>(
  observation: Observation<T>,
  remedy: string,
): Pick<Check, 'status' | 'actual' | 'detail'> {
  switch (observation.state) {
    case 'observed':
      return { status: 'pass', actual: 'present', detail: '' };
    case 'missing':
      return { status: 'fail', actual: 'missing', detail: remedy };
    case 'unanswered':
      return { status: 'unknown', actual: null, detail: observation.reason };
  }
}

function assessOne<T>(subject: Subject, observation: Observation<T>, expectation: Expectation<T>): Check {
  const base = {
    id: expectation.id,
    subject: subject.name,
    ...(subject.resource && { resource: subject.resource }),
    expected: expectation.expected.expected,
  };
  if (observation.state === 'unanswered') {
    return { ...base, status: 'unknown', actual: null, detail: observation.reason };
  }
  if (observation.state === 'missing') {
    return { ...base, status: 'fail', actual: 'missing', detail: expectation.remedy };
  }
  const actual = reportable(expectation.actual(observation.value));
  return expectation.expected.matches(actual)
    ? { ...base, status: 'pass', actual, detail: '' }
    : { ...base, status: 'fail', actual, detail: expectation.remedy };
}

/** JSON has no `undefined`: a property the service did not send is `null` in the report. */
const reportable = (value: unknown): unknown =>
  value === undefined ? null : (JSON.parse(canonical(value)) as unknown);
