/**
 * Events as API Gateway (REST, proxy integration) and SQS send them, with only what a test is about left to say.
 */
import type { APIGatewayProxyEvent, Context, SQSRecord } from 'aws-lambda';

const IDENTITY: APIGatewayProxyEvent['requestContext']['identity'] = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: '192.0.2.1',
  user: null,
  userAgent: null,
  userArn: null,
};

export const apiEvent = ({
  requestId = 'request-1',
  ...event
}: Partial<APIGatewayProxyEvent> & { requestId?: string } = {}): APIGatewayProxyEvent => {
  const httpMethod = event.httpMethod ?? 'POST';
  const resource = event.resource ?? '/orders';
  return {
    httpMethod,
    resource,
    path: resource,
    headers: {},
    multiValueHeaders: {},
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      authorizer: null,
      protocol: 'HTTP/1.1',
      httpMethod,
      identity: IDENTITY,
      path: `/v1${resource}`,
      stage: 'v1',
      requestId,
      requestTimeEpoch: 0,
      resourceId: 'resource',
      resourcePath: resource,
    },
    ...event,
  };
};

/** POST /orders with `order` as its JSON body. */
export const postOrder = (order: unknown, event: Parameters<typeof apiEvent>[0] = {}): APIGatewayProxyEvent =>
  apiEvent({ body: JSON.stringify(order), ...event });

export const getOrder = (orderId: string, event: Parameters<typeof apiEvent>[0] = {}): APIGatewayProxyEvent =>
  apiEvent({ httpMethod: 'GET', resource: '/orders/{orderId}', pathParameters: { orderId }, ...event });

export const sqsRecord = (record: Partial<SQSRecord> = {}): SQSRecord => ({
  messageId: 'message-1',
  receiptHandle: 'receipt',
  body: '{"orderId":"order-1"}',
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:order-queue-dev',
  awsRegion: 'us-east-1',
  ...record,
});

export const lambdaContext = (functionName = 'order-intake-dev'): Context => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName,
  functionVersion: '1',
  invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}:live`,
  memoryLimitInMB: '512',
  awsRequestId: 'invocation-1',
  logGroupName: `/aws/lambda/${functionName}`,
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});
