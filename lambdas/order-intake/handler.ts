/**
 * The function behind the REST API: POST /orders, GET /orders/{orderId}, GET /health.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { acceptCorrelationId, CORRELATION_HEADER } from '../shared/correlation.ts';
import { DependencyUnavailableError } from '../shared/dependency-call.ts';
import type { LambdaHandler } from '../shared/telemetry.ts';
import { type Dependencies, wireDependencies } from './dependencies.ts';
import { findRoute, type Route } from './find-route.ts';
import { readOrder } from './read-order.ts';
import { failure, internalError, type Reply, toResult, unavailable } from './responses.ts';
import { takeOrder } from './take-order.ts';

/** The caller's own id when it is fit for use, otherwise API Gateway's request id, otherwise a new one. */
const correlationIdOf = (event: APIGatewayProxyEvent, newId: () => string): string => {
  // API Gateway's console sends null for no headers, and header names come in the caller's spelling.
  const header = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === CORRELATION_HEADER);
  return acceptCorrelationId(header?.[1]) ?? acceptCorrelationId(event.requestContext?.requestId) ?? newId();
};

const perform = async (
  route: Route,
  event: APIGatewayProxyEvent,
  correlationId: string,
  dependencies: Dependencies,
): Promise<Reply> => {
  if (route.kind === 'not-found') return failure(404, 'There is no such resource.');
  if (route.kind === 'method-not-allowed') {
    const allow = route.allowed.join(', ');
    return failure(405, `This resource takes ${allow} only.`, { headers: { allow } });
  }
  switch (route.action) {
    case 'take-order':
      return takeOrder(event, correlationId, dependencies);
    case 'read-order':
      return readOrder(event.pathParameters?.['orderId'], dependencies);
    case 'report-health':
      // Shallow on purpose: it says that API, alias and function work. A table that is down must not take the API down.
      return { statusCode: 200, body: { status: 'ok', environment: dependencies.environment } };
  }
};

const replyToError = (error: unknown, { log, meter }: Dependencies): Reply => {
  if (error instanceof DependencyUnavailableError) {
    log.error('Request put off: a dependency is unavailable', error);
    meter.count('RequestsUnavailable');
    return unavailable();
  }
  log.error('Request failed', error);
  meter.count('RequestsFailed');
  return internalError();
};

/** Answers one request. Never throws: what goes wrong is an answer too. */
export const answerRequest = async (
  event: APIGatewayProxyEvent,
  dependencies: Dependencies,
): Promise<APIGatewayProxyResult> => {
  // 1. Name the request, in every log line and in the answer.
  const correlationId = correlationIdOf(event, dependencies.newId);
  const named: Dependencies = { ...dependencies, log: dependencies.log.child({ correlationId }) };

  // 2. Find what it asks for.
  const route = findRoute(event.httpMethod, event.resource);

  // 3. Do it, and turn a failure into an answer.
  const reply = await perform(route, event, correlationId, named).catch((error) => replyToError(error, named));

  // 4. Answer.
  return toResult(reply, correlationId);
};

let connected: LambdaHandler<APIGatewayProxyEvent, APIGatewayProxyResult> | undefined;

const connect = (): LambdaHandler<APIGatewayProxyEvent, APIGatewayProxyResult> => {
  const { dependencies, observe } = wireDependencies(process.env);
  return observe((event) => answerRequest(event, dependencies));
};

/**
 * What Lambda calls. Wired on the first request and kept, so that importing this file runs nothing.
 * @throws MissingVariablesError when the function was deployed without a variable it needs
 */
export const handler: LambdaHandler<APIGatewayProxyEvent, APIGatewayProxyResult> = async (event, context: Context) => {
  connected ??= connect();
  return connected(event, context);
};
