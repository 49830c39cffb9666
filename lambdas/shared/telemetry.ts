/**
 * Logs, metrics and traces of a function: what handlers may say (`Log`, `Meter`), and how Powertools carries it.
 *
 * Why two narrow interfaces: a handler then needs no Powertools to be tested, and can't reach around the conventions.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';

/** Structured, one JSON line per call. Never give it an order's content: its id says enough. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error: unknown): void;
  /** A log whose every line bears these keys too. */
  child(keys: Readonly<Record<string, string>>): Log;
}

/** Each counts in the namespace TradingPlatform under the dimensions `service` and `environment`. */
export type MetricName =
  /** 202, stored for the first time. */
  | 'OrdersAccepted'
  /** 202 for an order that was there already; the retry of one that met a 503 counts here too. */
  | 'OrdersDuplicate'
  /** 409. */
  | 'OrdersConflicting'
  /** 400. */
  | 'OrdersRejected'
  /** 503: table or queue did not answer. */
  | 'RequestsUnavailable'
  /** 500: a fault of ours. */
  | 'RequestsFailed'
  /** PENDING became PROCESSED. */
  | 'OrdersProcessed'
  /** A delivery that found its work done. */
  | 'OrdersAlreadyProcessed'
  /** A delivery that failed and will come again, or go to the dead letter queue. */
  | 'OrdersFailed';

export interface Meter {
  count(metric: MetricName): void;
}

/** What the Lambda runtime calls. */
export type LambdaHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

export interface Telemetry {
  readonly log: Log;
  readonly meter: Meter;
  /** Traces every call of an AWS SDK client; returns the same client. */
  traceClient<Client>(client: Client): Client;
  /** Opens and closes the trace of each invocation, puts its context in each log line, and writes its metrics out. */
  observe<Event, Result>(handle: LambdaHandler<Event, Result>): LambdaHandler<Event, Result>;
}

const toLog = (logger: Logger): Log => ({
  info: (message) => logger.info(message),
  warn: (message) => logger.warn(message),
  error: (message, error) =>
    logger.error(message, { error: error instanceof Error ? error : new Error(String(error)) }),
  child: (keys) => toLog(logger.createChild({ persistentKeys: keys })),
});

/** As Powertools' own `logMetrics`, which warns in the log of each invocation that counts nothing: every health check. */
const writeMetrics = (metrics: Metrics): MiddlewareObj => {
  const write = (): void => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return {
    before: ({ context }) => {
      metrics.captureColdStartMetric(context.functionName);
    },
    after: write,
    onError: write,
  };
};

/**
 * Powertools reads service name, namespace and log level from its own variables (POWERTOOLS_SERVICE_NAME,
 * POWERTOOLS_METRICS_NAMESPACE, LOG_LEVEL), which the function's stack sets.
 */
export const makeTelemetry = (environment: string): Telemetry => {
  const logger = new Logger({ persistentKeys: { environment } });
  const metrics = new Metrics({ defaultDimensions: { environment } });
  const tracer = new Tracer({ captureHTTPsRequests: false });
  return {
    log: toLog(logger),
    meter: { count: (metric) => metrics.addMetric(metric, MetricUnit.Count, 1) },
    traceClient: (client) => tracer.captureAWSv3Client(client),
    observe: <Event, Result>(handle: LambdaHandler<Event, Result>): LambdaHandler<Event, Result> => {
      const observed = middy<Event, Result>(handle)
        // The response is an order's content: it stays out of the trace.
        .use(captureLambdaHandler(tracer, { captureResponse: false }))
        .use(injectLambdaContext(logger))
        .use(writeMetrics(metrics));
      return (event, context) => observed(event, context);
    },
  };
};
