/**
 * What the gateway accepts as an order, as JSON schema (draft 4: API Gateway knows no newer).
 *
 * It refuses early what is plainly wrong. The function checks again, and alone checks that an amount has at most four
 * decimals: `multipleOf: 0.0001` in binary fractions would refuse amounts that are right.
 */
import { type JsonSchema, JsonSchemaType, JsonSchemaVersion } from 'aws-cdk-lib/aws-apigateway';

const identifier: JsonSchema = { type: JsonSchemaType.STRING, pattern: '^[A-Za-z0-9._-]{1,64}$' };

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
