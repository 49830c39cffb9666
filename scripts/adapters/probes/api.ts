/** Does the API throttle, authorize, log and meter as the environment's JSON says? */
import {
  GetRestApiCommand,
  GetStageCommand,
  type MethodSetting,
  paginateGetResources,
  paginateGetUsagePlans,
  type Resource,
  type Stage,
} from '@aws-sdk/client-api-gateway';
import { API_STAGE, resourceName } from '../../../environments/naming.ts';
import type { Check, CheckedResource } from '../../core/check.ts';
import { assess, assessPresent, type Expectation, type Subject } from '../../core/validation/assess.ts';
import { exactly, sameMembers } from '../../core/validation/matchers.ts';
import { type Observation, partOf } from '../../core/validation/observation.ts';
import { resolveTemplateValue } from '../../core/validation/template-values.ts';
import { observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext, remedyFor } from './probe.ts';

const ROUTES = ['GET /health', 'GET /orders/{orderId}', 'POST /orders'];

/** The method settings key that stands for every method of the stage. */
const EVERY_METHOD = '*/*';

export const api: Probe = {
  name: 'API',
  observe: async (context) => {
    const name = resourceName('trading-api', context.config.name);
    const id = context.inventory.idOf('api', 'AWS::ApiGateway::RestApi');
    return id.state === 'observed' ? lookAt(name, id.value, context) : assessPresent({ name }, 'api.present', id, []);
  },
};

async function lookAt(name: string, restApiId: string, context: ProbeContext): Promise<Check[]> {
  const client = context.clients.apiGateway;
  const [restApi, stage, resources, plans] = await Promise.all([
    observe((options) => client.send(new GetRestApiCommand({ restApiId }), options)),
    observe((options) => client.send(new GetStageCommand({ restApiId, stageName: API_STAGE }), options)),
    observe(async () => {
      const all: Resource[] = [];
      for await (const page of paginateGetResources({ client }, { restApiId, embed: ['methods'] })) {
        all.push(...(page.items ?? []));
      }
      return all;
    }),
    observe(async () => {
      const all = [];
      for await (const page of paginateGetUsagePlans({ client }, {})) all.push(...(page.items ?? []));
      return all;
    }),
  ]);
  const subject: Subject = { name, resource: { type: 'AWS::ApiGateway::RestApi', id: restApiId } };
  const checks = assessPresent(subject, 'api.present', restApi, []);
  if (restApi.state === 'missing') return checks;
  const { throttle } = context.config.api;
  const plan = partOf(plans, (all) => all.find((each) => each.apiStages?.some(({ apiId }) => apiId === restApiId)));
  const planId = plan.state === 'observed' ? plan.value.id : undefined;
  return [
    ...checks,
    ...assess(subject, resources, [routes(context)]),
    ...assessAuthorization(subject, resources, context),
    ...assessPresent(
      { name: `${name}/${API_STAGE}`, resource: { type: 'AWS::ApiGateway::Stage', id: API_STAGE } },
      'api.stage',
      stage,
      stageExpectations(name, context),
    ),
    ...assess({ name, ...(planId && { resource: { type: 'AWS::ApiGateway::UsagePlan', id: planId } }) }, plan, [
      {
        id: 'api.usage-plan',
        expected: exactly({ rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst }),
        actual: ({ throttle: found }) => ({
          rateLimit: Number(found?.rateLimit ?? 0),
          burstLimit: Number(found?.burstLimit ?? 0),
        }),
        remedy: remedyFor(context, 'api.throttle'),
      },
    ]),
  ];
}

const routes = (context: ProbeContext): Expectation<readonly Resource[]> => ({
  id: 'api.routes',
  expected: sameMembers(ROUTES),
  actual: (resources) => methodsOf(resources).map(({ route }) => route),
  remedy: houseRemedy(context),
});

/** Of each route by itself; one too many is found by `api.routes`, and here too if anyone may call it. */
function assessAuthorization(
  subject: Subject,
  resources: Observation<readonly Resource[]>,
  context: ProbeContext,
): Check[] {
  const expectation = (route: string): Expectation<readonly Resource[]> => ({
    id: 'api.authorization',
    expected: exactly(ROUTES.includes(route) ? context.config.api.authorization : 'no such route'),
    actual: (all) => methodsOf(all).find((method) => method.route === route)?.authorization,
    remedy: remedyFor(context, 'api.authorization'),
  });
  if (resources.state !== 'observed') return assess(subject, resources, ROUTES.map(expectation));
  return methodsOf(resources.value)
    .filter(({ route, authorization }) => ROUTES.includes(route) || authorization === 'NONE')
    .flatMap(({ route, resourceId, httpMethod }) => {
      const resource = methodOf(resourceId, httpMethod, context) ?? subject.resource;
      return assess({ name: `${subject.name} ${route}`, ...(resource && { resource }) }, resources, [
        expectation(route),
      ]);
    });
}

/** The method of a path, as its stack knows it. */
function methodOf(
  resourceId: string | undefined,
  httpMethod: string,
  { inventory }: ProbeContext,
): CheckedResource | undefined {
  const { template, resources, references } = inventory.stack('api');
  if (template.state !== 'observed' || resources.state !== 'observed') return undefined;
  const found = resources.value.find(({ type, logicalId }) => {
    const properties = template.value[logicalId]?.Properties ?? {};
    const at = resolveTemplateValue(properties['ResourceId'], references);
    return type === 'AWS::ApiGateway::Method' && at === resourceId && properties['HttpMethod'] === httpMethod;
  });
  return found && { type: found.type, id: found.physicalId };
}

interface ApiMethod {
  readonly route: string;
  readonly resourceId: string | undefined;
  readonly httpMethod: string;
  readonly authorization: string | undefined;
}

const methodsOf = (resources: readonly Resource[]): ApiMethod[] =>
  resources.flatMap(({ id, path, resourceMethods }) =>
    Object.entries(resourceMethods ?? {}).map(([httpMethod, { authorizationType }]) => ({
      route: `${httpMethod} ${path}`,
      resourceId: id,
      httpMethod,
      authorization: authorizationType,
    })),
  );

function stageExpectations(name: string, context: ProbeContext): Expectation<Stage>[] {
  const { throttle } = context.config.api;
  const house = houseRemedy(context);
  const setting = (stage: Stage): MethodSetting | undefined => stage.methodSettings?.[EVERY_METHOD];
  return [
    {
      id: 'api.throttle-rate',
      expected: exactly(`${throttle.requestsPerSecond} requests/s`),
      actual: (stage) => `${setting(stage)?.throttlingRateLimit ?? 'any number of'} requests/s`,
      remedy: remedyFor(context, 'api.throttle.requestsPerSecond'),
    },
    {
      id: 'api.throttle-burst',
      expected: exactly(`${throttle.burst} requests at once`),
      actual: (stage) => `${setting(stage)?.throttlingBurstLimit ?? 'any number of'} requests at once`,
      remedy: remedyFor(context, 'api.throttle.burst'),
    },
    {
      id: 'api.method-overrides',
      expected: exactly([]),
      // A setting of one method beats the stage's own, its throttle too.
      actual: ({ methodSettings }) => Object.keys(methodSettings ?? {}).filter((key) => key !== EVERY_METHOD),
      remedy: house,
    },
    {
      id: 'api.metrics',
      expected: exactly(true),
      actual: (stage) => setting(stage)?.metricsEnabled ?? false,
      remedy: house,
    },
    {
      id: 'api.access-log',
      expected: exactly(`/aws/apigateway/${name}`),
      actual: ({ accessLogSettings }) =>
        accessLogSettings?.destinationArn?.replace(/^.*:log-group:/, '').replace(/:\*$/, ''),
      remedy: house,
    },
    {
      id: 'api.access-log-format',
      expected: exactly('JSON'),
      actual: ({ accessLogSettings }) => (isJsonObject(accessLogSettings?.format) ? 'JSON' : accessLogSettings?.format),
      remedy: house,
    },
    {
      id: 'api.tracing',
      expected: exactly(true),
      actual: ({ tracingEnabled }) => tracingEnabled ?? false,
      remedy: house,
    },
  ];
}

function isJsonObject(format: string | undefined): boolean {
  try {
    return typeof JSON.parse(format ?? '') === 'object';
  } catch {
    return false;
  }
}
