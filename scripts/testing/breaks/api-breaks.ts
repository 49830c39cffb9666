/** Breaks of the API: stage settings, methods, usage plan. */
import {
  CreateResourceCommand,
  DeleteResourceCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  GetUsagePlansCommand,
  type PatchOperation,
  PutMethodCommand,
  UpdateMethodCommand,
  UpdateStageCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { API_STAGE, resourceName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import type { Break } from './break.ts';

const apiName = ({ config }: DeployedEnvironment): string => resourceName('trading-api', config.name);
const stageName = (environment: DeployedEnvironment): string => `${apiName(environment)}/${API_STAGE}`;

const apiIdOf = async (environment: DeployedEnvironment): Promise<string> => {
  const { items } = await environment.clients.apiGateway.send(new GetRestApisCommand({}));
  return items?.find(({ name }) => name === apiName(environment))?.id ?? '';
};

/** One setting of the stage: `path`, the value that breaks it, and the one that mends it. */
const stage = (
  id: string,
  path: string,
  broken: string,
  mended: (environment: DeployedEnvironment) => string,
): Break => ({
  id,
  of: stageName,
  apply: async (environment) => {
    const restApiId = await apiIdOf(environment);
    const patch = (value: string) =>
      environment.clients.apiGateway.send(
        new UpdateStageCommand({ restApiId, stageName: API_STAGE, patchOperations: [{ op: 'replace', path, value }] }),
      );
    await patch(broken);
    return () => patch(mended(environment));
  },
});

const accessLogArn = ({ config }: DeployedEnvironment): string =>
  `arn:aws:logs:${config.region}:${config.account}:log-group:/aws/apigateway/${resourceName('trading-api', config.name)}`;

export const API_BREAKS: readonly Break[] = [
  stage('api.throttle-rate', '/*/*/throttling/rateLimit', '7', ({ config }) =>
    String(config.api.throttle.requestsPerSecond),
  ),
  stage('api.throttle-burst', '/*/*/throttling/burstLimit', '7', ({ config }) => String(config.api.throttle.burst)),
  stage('api.metrics', '/*/*/metrics/enabled', 'false', () => 'true'),
  stage('api.tracing', '/tracingEnabled', 'false', () => 'true'),
  stage(
    'api.access-log-format',
    '/accessLogSettings/format',
    '$context.requestId',
    () => '{"requestId":"$context.requestId"}',
  ),
  stage(
    'api.access-log',
    '/accessLogSettings/destinationArn',
    'arn:aws:logs:us-east-1:123456789012:log-group:elsewhere',
    accessLogArn,
  ),
  {
    id: 'api.method-overrides',
    of: stageName,
    apply: async (environment) => {
      const request = { restApiId: await apiIdOf(environment), stageName: API_STAGE };
      const patch = (operation: PatchOperation) =>
        environment.clients.apiGateway.send(new UpdateStageCommand({ ...request, patchOperations: [operation] }));
      await patch({ op: 'replace', path: '/~1orders/POST/throttling/rateLimit', value: '9999' });
      return () => patch({ op: 'remove', path: '/~1orders/POST' });
    },
  },
  {
    id: 'api.routes',
    of: apiName,
    apply: async (environment) => {
      const { apiGateway } = environment.clients;
      const restApiId = await apiIdOf(environment);
      const { items } = await apiGateway.send(new GetResourcesCommand({ restApiId }));
      const parentId = items?.find(({ path }) => path === '/')?.id;
      const made = await apiGateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart: 'by-hand' }));
      const method = { restApiId, resourceId: made.id, httpMethod: 'GET', authorizationType: 'AWS_IAM' };
      await apiGateway.send(new PutMethodCommand(method));
      return () => apiGateway.send(new DeleteResourceCommand({ restApiId, resourceId: made.id }));
    },
  },
  {
    id: 'api.authorization',
    of: apiName,
    in: 'prod',
    apply: async (environment) => {
      const { apiGateway } = environment.clients;
      const restApiId = await apiIdOf(environment);
      const { items } = await apiGateway.send(new GetResourcesCommand({ restApiId }));
      const resourceId = items?.find(({ path }) => path === '/orders/{orderId}')?.id;
      const put = (value: string) =>
        apiGateway.send(
          new UpdateMethodCommand({
            restApiId,
            resourceId,
            httpMethod: 'GET',
            patchOperations: [{ op: 'replace', path: '/authorizationType', value }],
          }),
        );
      await put('NONE');
      return () => put('AWS_IAM');
    },
  },
  {
    id: 'api.usage-plan',
    of: apiName,
    apply: async (environment) => {
      const { apiGateway } = environment.clients;
      const { items } = await apiGateway.send(new GetUsagePlansCommand({}));
      const usagePlanId = items?.[0]?.id;
      const put = (value: number) =>
        apiGateway.send(
          new UpdateUsagePlanCommand({
            usagePlanId,
            patchOperations: [{ op: 'replace', path: '/throttle/rateLimit', value: String(value) }],
          }),
        );
      await put(7);
      return () => put(environment.config.api.throttle.requestsPerSecond);
    },
  },
];
