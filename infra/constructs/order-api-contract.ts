/** What the order API takes, what it answers by itself, and what it logs: the parts that are text, not resources. */
import { type JsonSchema, JsonSchemaType, JsonSchemaVersion } from 'aws-cdk-lib/aws-apigateway';

const identifier: JsonSchema = { type: JsonSchemaType.STRING, pattern: '^[A-Za-z0-9._-]{1,64}$' };

/**
 * An order as JSON schema (draft 4: API Gateway knows no newer). The gateway refuses early what is plainly wrong. The
 * function checks again, and alone checks that an amount has at most four decimals: `multipleOf: 0.0001` in binary
 * fractions would refuse amounts that are right.
 */
export const ORDER_SCHEMA: JsonSchema = {
  schema: JsonSchemaVersion.DRAFT4,
  title: 'Order',
  type: JsonSchemaType.OBJECT,
  required: ['orderId', 'customerId', 'amount'],
  additionalProperties: false,
  properties: {
    orderId: identifier,
    customerId: identifier,
    amount: { type: JsonSchemaType.NUMBER, minimum: 0, exclusiveMinimum: true },
  },
};

/**
 * The answer to an order the schema refuses, in the shape the function answers in. A template of simple substitution:
 * `messageString` brings its own quotes; `validationErrorString` is escaped but not quoted.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export const BAD_REQUEST_ANSWER =
  '{"message":$context.error.messageString,' +
  '"errors":[{"field":"body","message":"$context.error.validationErrorString"}],' +
  '"correlationId":"$context.requestId"}';

/** One JSON object per request. Numbers are quoted as well: a value API Gateway has not got is written as `-`. */
export const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  traceId: '$context.xrayTraceId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  resource: '$context.resourcePath',
  status: '$context.status',
  errorType: '$context.error.responseType',
  integrationError: '$context.integrationErrorMessage',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  userAgent: '$context.identity.userAgent',
};
