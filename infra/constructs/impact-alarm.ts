/**
 * An alarm that says what is broken for whom. At night nobody should have to work that out from a metric's name.
 */
import {
  Alarm,
  type ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface ImpactAlarmProps {
  readonly alarmName: string;
  /** What is wrong for people, and what to look at first. */
  readonly impact: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparisonOperator: ComparisonOperator;
  /** Periods the metric must be beyond the threshold in a row. */
  readonly evaluationPeriods: number;
  readonly action: IAlarmAction;
  /** Most metrics are missing when nothing happens, which is fine. Default: not breaching. */
  readonly treatMissingData?: TreatMissingData;
}

/** Marks the impact in an alarm's description, for people and for the guardrail that asks for it. */
export const IMPACT_LABEL = 'Impact:';

export class ImpactAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: ImpactAlarmProps) {
    const { impact, action, treatMissingData = TreatMissingData.NOT_BREACHING, ...alarm } = props;
    super(scope, id, { ...alarm, treatMissingData, alarmDescription: `${IMPACT_LABEL} ${impact}` });
    this.addAlarmAction(action);
  }
}
