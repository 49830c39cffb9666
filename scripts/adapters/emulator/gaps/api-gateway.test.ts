/**
 * A REST API of a template: what it refuses, in which words, and what its stage is told back to have.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  APIGatewayClient,
  GetRequestValidatorsCommand,
  GetRestApiCommand,
  GetStageCommand,
} from '@aws-sdk/client-api-gateway';
import { emulatedStack } from '../../../testing/emulated-stack.ts';
import { withEmulatedAccount } from '../../../testing/emulator.ts';

const account = await withEmulatedAccount({ after }, { account: '210000000008' });
const apis = new APIGatewayClient(account.client);
const stack = emulatedStack(account, 'api');

const api = { RestApiId: { Ref: 'Api' } };
const text = { type: 'string', pattern: '^[a-z]{1,4}$' };
const resources = (validateBody: boolean): Record<string, unknown> => ({
  Api: {
    Type: 'AWS::ApiGateway::RestApi',
    Properties: { Name: 'api', EndpointConfiguration: { Types: ['REGIONAL'] } },
  },
  Validator: {
    Type: 'AWS::ApiGateway::RequestValidator',
    Properties: { ...api, ValidateRequestBody: validateBody, ValidateRequestParameters: true },
  },
  Model: {
    Type: 'AWS::ApiGateway::Model',
    Properties: {
      ...api,
      ContentType: 'application/json',
      Schema: {
        $schema: 'http://json-schema.org/draft-04/schema#',
        type: 'object',
        required: ['id', 'amount'],
        additionalProperties: false,
        properties: { id: text, amount: { type: 'number', minimum: 0, exclusiveMinimum: true } },
      },
    },
  },
  Refusal: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      ...api,
      ResponseType: 'BAD_REQUEST_BODY',
      StatusCode: '400',
      ResponseTemplates: { 'application/json': '{"why":"$context.error.validationErrorString"}' },
    },
  },
  Method: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      ...api,
      ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      HttpMethod: 'POST',
      AuthorizationType: 'NONE',
      RequestValidatorId: { Ref: 'Validator' },
      RequestModels: { 'application/json': { Ref: 'Model' } },
      Integration: { Type: 'MOCK', RequestTemplates: { 'application/json': '{"statusCode": 200}' } },
    },
  },
  Deployment: { Type: 'AWS::ApiGateway::Deployment', DependsOn: ['Method', 'Refusal'], Properties: api },
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: {
      ...api,
      StageName: 'v1',
      DeploymentId: { Ref: 'Deployment' },
      AccessLogSetting: {
        DestinationArn: 'arn:aws:logs:us-east-1:210000000008:log-group:access',
        Format: '$context.requestId',
      },
    },
  },
});
const outputs = { Id: { Ref: 'Api' } };

async function post(id: string | undefined, body: string): Promise<{ status: number; why?: string }> {
  const answer = await fetch(`${account.endpoint}/restapis/${id}/v1/_user_request_/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const content = await answer.text();
  return { status: answer.status, ...(answer.status === 400 ? (JSON.parse(content) as { why: string }) : {}) };
}

test('a request validator of a template refuses bodies, and the gateway response says why', async () => {
  const { Id } = await stack.put(resources(true), { outputs });
  assert.equal((await post(Id, '{"id":"a","amount":1}')).status, 200);
  for (const [body, why] of [
    ['{"id":"a"}', '[object has missing required properties (["amount"])]'],
    [
      '{"id":"a","amount":"1"}',
      '[instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])]',
    ],
    ['{"id":"a","amount":0}', '[numeric instance is not strictly greater than the required minimum 0]'],
    ['{"id":"A","amount":1}', '[ECMA 262 regex "^[a-z]{1,4}$" does not match input string "A"]'],
    ['{"id":"a","amount":1,"x":1}', '[object instance has properties which are not allowed by the schema: ["x"]]'],
    ['{', 'Invalid request body'],
  ] as const) {
    assert.deepEqual(await post(Id, body), { status: 400, why }, body);
  }

  const { items: [validator] = [] } = await apis.send(new GetRequestValidatorsCommand({ restApiId: Id }));
  assert.equal(validator?.validateRequestBody, true);
  await stack.put(resources(false), { outputs });
  assert.equal((await post(Id, '{"id":"a"}')).status, 200);
});

test('the stage tells where its access logs go, and the API of which type it is', async () => {
  const { Id: restApiId } = await stack.put(resources(true), { outputs });
  const stage = await apis.send(new GetStageCommand({ restApiId, stageName: 'v1' }));
  assert.deepEqual(stage.accessLogSettings, {
    destinationArn: 'arn:aws:logs:us-east-1:210000000008:log-group:access',
    format: '$context.requestId',
  });
  const { endpointConfiguration } = await apis.send(new GetRestApiCommand({ restApiId }));
  assert.deepEqual(endpointConfiguration?.types, ['REGIONAL']);
});
