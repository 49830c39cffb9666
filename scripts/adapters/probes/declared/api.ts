/** Declared properties of the API's resources. */
import {
  GetAccountCommand,
  GetDeploymentCommand,
  GetGatewayResponseCommand,
  GetMethodCommand,
  GetModelCommand,
  GetRequestValidatorCommand,
  GetRestApiCommand,
  GetStageCommand,
  type GetStageCommandOutput,
  paginateGetResources,
  paginateGetUsagePlans,
  type Resource,
  type UsagePlan,
} from '@aws-sdk/client-api-gateway';
import type { ProbeContext } from '../probe.ts';
import { type DeclaredResource, type Properties, type Readers, there } from './reader.ts';

const apiOf = ({ declared }: DeclaredResource): string => String(declared['RestApiId']);

/** The API's paths, as the probe of the API lists them. */
export async function resourcesOfApi(restApiId: string, { clients }: ProbeContext): Promise<readonly Resource[]> {
  const all: Resource[] = [];
  const request = { restApiId, embed: ['methods'] };
  for await (const { items = [] } of paginateGetResources({ client: clients.apiGateway }, request)) all.push(...items);
  return all;
}

export const API_READERS: Readers = {
  'AWS::ApiGateway::Account': {
    read: async ({ context: { clients } }) => {
      const { cloudwatchRoleArn } = await clients.apiGateway.send(new GetAccountCommand({}));
      return { CloudWatchRoleArn: cloudwatchRoleArn };
    },
  },
  'AWS::ApiGateway::RestApi': {
    read: async ({ physicalId, context: { clients } }) => {
      const found = await clients.apiGateway.send(new GetRestApiCommand({ restApiId: physicalId }));
      return {
        Description: found.description,
        EndpointConfiguration: { Types: found.endpointConfiguration?.types },
        Name: found.name,
      };
    },
  },
  'AWS::ApiGateway::Resource': {
    read: async (resource) => {
      const { physicalId, context } = resource;
      const all = await resourcesOfApi(apiOf(resource), context);
      const { parentId, pathPart } = there(
        all.find(({ id }) => id === physicalId),
        physicalId,
      );
      return { ParentId: parentId, PathPart: pathPart, RestApiId: apiOf(resource) };
    },
  },
  'AWS::ApiGateway::Method': {
    read: async (resource) => {
      const { ResourceId, HttpMethod, RestApiId } = resource.declared;
      const request = { restApiId: apiOf(resource), resourceId: String(ResourceId), httpMethod: String(HttpMethod) };
      const found = await resource.context.clients.apiGateway.send(new GetMethodCommand(request));
      const { httpMethod, type, uri, credentials, passthroughBehavior } = found.methodIntegration ?? {};
      return {
        ApiKeyRequired: found.apiKeyRequired,
        AuthorizationType: found.authorizationType,
        HttpMethod: found.httpMethod,
        Integration: {
          IntegrationHttpMethod: httpMethod,
          Type: type,
          Uri: uri,
          Credentials: credentials,
          PassthroughBehavior: passthroughBehavior,
        },
        RequestModels: found.requestModels,
        RequestParameters: found.requestParameters,
        RequestValidatorId: found.requestValidatorId,
        ResourceId,
        RestApiId,
      };
    },
  },
  'AWS::ApiGateway::Model': {
    read: async (resource) => {
      const request = { restApiId: apiOf(resource), modelName: resource.physicalId };
      const { contentType, description, schema } = await resource.context.clients.apiGateway.send(
        new GetModelCommand(request),
      );
      return { ContentType: contentType, Description: description, RestApiId: apiOf(resource), Schema: schema };
    },
  },
  'AWS::ApiGateway::RequestValidator': {
    read: async (resource) => {
      const request = { restApiId: apiOf(resource), requestValidatorId: resource.physicalId };
      const found = await resource.context.clients.apiGateway.send(new GetRequestValidatorCommand(request));
      return {
        Name: found.name,
        RestApiId: apiOf(resource),
        ValidateRequestBody: found.validateRequestBody,
        ValidateRequestParameters: found.validateRequestParameters,
      };
    },
  },
  'AWS::ApiGateway::GatewayResponse': {
    read: async (resource) => {
      const { ResponseType, RestApiId } = resource.declared;
      const request = { restApiId: apiOf(resource), responseType: ResponseType as 'BAD_REQUEST_BODY' };
      const found = await resource.context.clients.apiGateway.send(new GetGatewayResponseCommand(request));
      return {
        ResponseParameters: found.responseParameters,
        ResponseTemplates: found.responseTemplates,
        ResponseType: found.responseType,
        RestApiId,
        StatusCode: found.statusCode,
      };
    },
  },
  'AWS::ApiGateway::Deployment': {
    read: async (resource) => {
      const request = { restApiId: apiOf(resource), deploymentId: resource.physicalId };
      const { description } = await resource.context.clients.apiGateway.send(new GetDeploymentCommand(request));
      return { Description: description, RestApiId: apiOf(resource) };
    },
  },
  'AWS::ApiGateway::Stage': {
    read: async (resource) => {
      const { RestApiId, StageName } = resource.declared;
      const request = { restApiId: apiOf(resource), stageName: String(StageName) };
      const found = await resource.context.clients.apiGateway.send(new GetStageCommand(request));
      return {
        AccessLogSetting: {
          // Both spellings are in use: with the streams after it and without.
          DestinationArn: found.accessLogSettings?.destinationArn?.replace(/(?::\*)?$/, ':*'),
          Format: found.accessLogSettings?.format,
        },
        DeploymentId: found.deploymentId,
        MethodSettings: methodSettings(found),
        RestApiId,
        StageName: found.stageName,
        TracingEnabled: found.tracingEnabled,
      };
    },
  },
  'AWS::ApiGateway::UsagePlan': {
    read: async ({ physicalId, context: { clients } }) => {
      const all: UsagePlan[] = [];
      for await (const { items = [] } of paginateGetUsagePlans({ client: clients.apiGateway }, {})) all.push(...items);
      const { apiStages, description, name, quota, throttle } = there(
        all.find(({ id }) => id === physicalId),
        physicalId,
      );
      return {
        ApiStages: apiStages?.map((each) => ({ ApiId: each.apiId, Stage: each.stage, Throttle: each.throttle ?? {} })),
        Description: description,
        Quota: quota,
        Throttle: throttle && { BurstLimit: throttle.burstLimit, RateLimit: throttle.rateLimit },
        UsagePlanName: name,
      };
    },
  },
};

/** API Gateway keys them by path and method: all of both is `*` `/` `*`, in a template `/*` and `*`. */
function methodSettings({ methodSettings = {} }: GetStageCommandOutput): Properties[] {
  return Object.entries(methodSettings).map(([key, setting]) => {
    const at = key.lastIndexOf('/');
    return {
      HttpMethod: key.slice(at + 1),
      ResourcePath: `/${key.slice(0, at).replace(/^~1/, '').replaceAll('~1', '/')}`,
      DataTraceEnabled: setting.dataTraceEnabled,
      LoggingLevel: setting.loggingLevel,
      MetricsEnabled: setting.metricsEnabled,
      ThrottlingBurstLimit: setting.throttlingBurstLimit,
      ThrottlingRateLimit: setting.throttlingRateLimit,
    };
  });
}
