import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { testEnvironment } from '../testing/test-environment.ts';
import { stackProps, testApp } from '../testing/test-stack.ts';
import { ApiStack } from './api-stack.ts';

const make = (sections: Partial<EnvironmentConfig> = {}) =>
  Template.fromStack(new ApiStack(testApp(), 'Api', stackProps(testEnvironment(sections))));
const template = make();
const { api } = testEnvironment();

interface Method {
  readonly HttpMethod: string;
  readonly ResourceId: { readonly Ref: string };
}

function routes(): string[] {
  const parts = template.findResources('AWS::ApiGateway::Resource');
  const pathOf = (id: string): string => {
    const part = parts[id]?.['Properties'];
    return part === undefined ? '' : `${pathOf(part.ParentId.Ref)}/${part.PathPart}`;
  };
  return Object.values(template.findResources('AWS::ApiGateway::Method'))
    .map(({ Properties }) => Properties as Method)
    .map(({ HttpMethod, ResourceId }) => `${HttpMethod} ${pathOf(ResourceId.Ref)}`)
    .sort();
}

it('serves three routes, each by the alias of intake', () => {
  assert.deepEqual(routes(), ['GET /health', 'GET /orders/{orderId}', 'POST /orders']);
  const alias = { Ref: Match.stringLikeRegexp('orderintakealiasarn') };
  template.allResourcesProperties('AWS::ApiGateway::Method', {
    Integration: { Type: 'AWS_PROXY', Uri: { 'Fn::Join': ['', [Match.anyValue(), alias, '/invocations']] } },
  });
  template.resourceCountIs('AWS::Lambda::Permission', 3);
  template.allResourcesProperties('AWS::Lambda::Permission', {
    FunctionName: alias,
    Principal: 'apigateway.amazonaws.com',
  });
});

for (const authorization of ['NONE', 'AWS_IAM'] as const) {
  it(`asks for ${authorization} on every route when configured so`, () => {
    make({ api: { ...api, authorization } }).allResourcesProperties('AWS::ApiGateway::Method', {
      AuthorizationType: authorization,
    });
  });
}

it('checks an order before it reaches the function, and passes the words of the check on', () => {
  template.hasResourceProperties('AWS::ApiGateway::Method', {
    HttpMethod: 'POST',
    RequestModels: { 'application/json': { Ref: Match.stringLikeRegexp('Order') } },
    RequestValidatorId: { Ref: Match.stringLikeRegexp('Validator') },
  });
  template.hasResourceProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestBody: true });
  template.hasResourceProperties('AWS::ApiGateway::Model', {
    Schema: {
      required: ['orderId', 'customerId', 'amount'],
      additionalProperties: false,
      properties: {
        orderId: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
        customerId: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
        amount: { type: 'number', minimum: 0, exclusiveMinimum: true },
      },
    },
  });
  template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
    ResponseType: 'BAD_REQUEST_BODY',
    StatusCode: '400',
    ResponseTemplates: { 'application/json': Match.stringLikeRegexp('validationErrorString.*correlationId') },
  });
});

it('answers a bad request in JSON once API Gateway has put its values in', () => {
  const [response] = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse'));
  const answer: string = response?.['Properties'].ResponseTemplates['application/json']
    .replace('$context.error.messageString', '"Invalid request body"')
    .replace('$context.error.validationErrorString', '[object has missing required properties ([\\"amount\\"])]')
    .replace('$context.requestId', 'b1f2');
  assert.deepEqual(JSON.parse(answer), {
    message: 'Invalid request body',
    errors: [{ field: 'body', message: '[object has missing required properties (["amount"])]' }],
    correlationId: 'b1f2',
  });
});

it('throttles the stage, and each API key, as configured', () => {
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    StageName: 'v1',
    TracingEnabled: true,
    MethodSettings: [
      Match.objectLike({
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 321,
        ThrottlingBurstLimit: 654,
        MetricsEnabled: true,
        DataTraceEnabled: false,
        LoggingLevel: 'ERROR',
      }),
    ],
  });
  template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
    UsagePlanName: 'trading-api-test',
    Throttle: { RateLimit: 321, BurstLimit: 654 },
    ApiStages: [Match.objectLike({ Stage: { Ref: Match.stringLikeRegexp('Stagev1') } })],
  });
});

it('logs each access as one JSON object, into a group that ends', () => {
  const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
  const format = JSON.parse(stage?.['Properties'].AccessLogSetting.Format);
  assert.deepEqual([format.requestId, format.status], ['$context.requestId', '$context.status']);
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/apigateway/trading-api-test',
    RetentionInDays: 90,
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: {
      'Fn::Join': ['', ['API-Gateway-Execution-Logs_', { Ref: Match.stringLikeRegexp('^Api') }, '/v1']],
    },
    RetentionInDays: 90,
  });
});

it("names the account's role for logs before it makes a stage that logs, and takes it from nobody at the end", () => {
  template.hasResource('AWS::ApiGateway::Account', {
    DeletionPolicy: 'Retain',
    Properties: { CloudWatchRoleArn: 'arn:aws:iam::111122223333:role/trading-api-logs' },
  });
  template.hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith(['LogsRole']) });
});

it('publishes where it is, without a slash at the end', () => {
  template.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/trading-platform/test/api-endpoint',
    Value: { 'Fn::Join': ['', ['https://', Match.anyValue(), '.execute-api.eu-west-1.', Match.anyValue(), '/v1']] },
  });
});
