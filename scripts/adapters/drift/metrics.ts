/** Reports a drift check as metrics, zeros included: MonitoringStack's alarms also ring when no data comes. */
import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DRIFT_METRIC } from '../../../environments/naming.ts';

export interface DriftCounts {
  readonly environment: string;
  /** Resources that differ. */
  readonly drifted: number;
  /** Resources nobody could check. */
  readonly unchecked: number;
}

export async function publishDriftMetrics(
  client: CloudWatchClient,
  { environment, drifted, unchecked }: DriftCounts,
  signal?: AbortSignal,
): Promise<void> {
  const datum = (MetricName: string, Value: number) => ({
    MetricName,
    Value,
    Unit: 'Count' as const,
    Dimensions: [{ Name: 'Environment', Value: environment }],
  });
  await client.send(
    new PutMetricDataCommand({
      Namespace: DRIFT_METRIC.namespace,
      MetricData: [datum(DRIFT_METRIC.name, drifted), datum(DRIFT_METRIC.unchecked, unchecked)],
    }),
    { abortSignal: signal },
  );
}
