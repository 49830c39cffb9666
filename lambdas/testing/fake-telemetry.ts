/**
 * Log and meter that remember what they were told.
 */
import type { Log, Meter, MetricName } from '../shared/telemetry.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly error?: unknown;
}

const makeLog = (lines: LogLine[], keys: Readonly<Record<string, string>>): Log => ({
  info: (message) => void lines.push({ level: 'info', message, keys }),
  warn: (message) => void lines.push({ level: 'warn', message, keys }),
  error: (message, error) => void lines.push({ level: 'error', message, keys, error }),
  child: (more) => makeLog(lines, { ...keys, ...more }),
});

export const makeFakeTelemetry = (): {
  readonly log: Log;
  readonly meter: Meter;
  readonly lines: readonly LogLine[];
  readonly counted: readonly MetricName[];
} => {
  const lines: LogLine[] = [];
  const counted: MetricName[] = [];
  return { log: makeLog(lines, {}), meter: { count: (metric) => void counted.push(metric) }, lines, counted };
};
