/** Do the functions, and the versions that `live` serves, run as the environment's JSON says? */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AliasConfiguration,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandInput,
  type LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { LIVE_ALIAS, resourceName } from '../../../environments/naming.ts';
import type { Check } from '../../core/check.ts';
import { describeDuration } from '../../core/render/duration.ts';
import { assess, assessPresent, type Expectation, type Subject } from '../../core/validation/assess.ts';
import { FUNCTION_ARCHITECTURE, FUNCTION_RUNTIME, FUNCTIONS } from '../../core/validation/house-rules.ts';
import { exactly, type Matcher, oneOf, sameMembers, satisfying } from '../../core/validation/matchers.ts';
import { type Observation, partOf } from '../../core/validation/observation.ts';
import { agreesWithTemplate, readable, resolveTemplateValue } from '../../core/validation/template-values.ts';
import { type Inventory, publishedValue } from './inventory.ts';
import { type CallOptions, observe } from './observe.ts';
import { houseRemedy, type Probe, type ProbeContext, remedyFor } from './probe.ts';

export const functions: Probe = {
  name: 'functions',
  observe: async (context) =>
    (
      await Promise.all([
        ...FUNCTIONS.map((type) => lookAt(resourceName(type, context.config.name), context)),
        lookAtEventSource(context),
      ])
    ).flat(),
};

async function lookAt(name: string, context: ProbeContext): Promise<Check[]> {
  const { lambda } = context.clients;
  const [latest, alias, live] = await Promise.all([
    observe((options) => settledConfiguration(lambda, { FunctionName: name }, options)),
    observe((options) => lambda.send(new GetAliasCommand({ FunctionName: name, Name: LIVE_ALIAS }), options)),
    observe((options) => settledConfiguration(lambda, { FunctionName: name, Qualifier: LIVE_ALIAS }, options)),
  ]);
  const served = `${name}:${LIVE_ALIAS}`;
  const aliasResource = {
    type: 'AWS::Lambda::Alias',
    id: alias.state === 'observed' ? (alias.value.AliasArn ?? served) : served,
  };
  const settings = configurationExpectations(context);
  const look = (subject: Subject, configuration: Observation<FunctionConfiguration>): Check[] => [
    ...assess(subject, configuration, settings),
    ...assessDeclared(subject, name, configuration, context),
  ];
  const subject: Subject = { name, resource: { type: 'AWS::Lambda::Function', id: name } };
  const present = assessPresent(subject, 'function.present', latest, []);
  if (latest.state === 'missing') return present;
  const checks = [...present, ...look(subject, latest)];
  const atAlias = assessPresent(
    { name: served, resource: aliasResource },
    'function.alias',
    alias,
    aliasExpectations(context),
  );
  if (alias.state === 'missing') return [...checks, ...atAlias];
  return [...checks, ...atAlias, ...look({ name: served, resource: aliasResource }, live)];
}

/**
 * A function that was just updated, or wakes from months of rest, is Pending for a moment: no finding until that lasts.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
async function settledConfiguration(
  lambda: LambdaClient,
  input: GetFunctionConfigurationCommandInput,
  options: CallOptions,
): Promise<FunctionConfiguration> {
  for (let look = 1; ; look += 1) {
    const configuration = await lambda.send(new GetFunctionConfigurationCommand(input), options);
    if (configuration.State !== 'Pending' || look === PENDING.looks) return configuration;
    await sleep(PENDING.pauseMs);
  }
}
const PENDING = { looks: 25, pauseMs: 200 } as const;

function configurationExpectations(context: ProbeContext): Expectation<FunctionConfiguration>[] {
  const { functions: wanted } = context.config;
  const house = houseRemedy(context);
  return [
    {
      id: 'function.memory',
      expected: exactly(`${wanted.memoryMb} MB`),
      actual: ({ MemorySize }) => `${MemorySize} MB`,
      remedy: remedyFor(context, 'functions.memoryMb'),
    },
    {
      id: 'function.timeout',
      expected: exactly(describeDuration(wanted.timeoutSeconds)),
      actual: ({ Timeout }) => describeDuration(Timeout ?? 0),
      remedy: remedyFor(context, 'functions.timeoutSeconds'),
    },
    { id: 'function.runtime', expected: exactly(FUNCTION_RUNTIME), actual: ({ Runtime }) => Runtime, remedy: house },
    {
      id: 'function.architecture',
      expected: exactly([FUNCTION_ARCHITECTURE]),
      actual: ({ Architectures }) => Architectures,
      remedy: house,
    },
    {
      id: 'function.tracing',
      expected: exactly('Active'),
      actual: ({ TracingConfig }) => TracingConfig?.Mode,
      remedy: house,
    },
    {
      id: 'function.state',
      expected: oneOf(['Active', 'Inactive']),
      actual: ({ State, LastUpdateStatus }) => (LastUpdateStatus === 'Failed' ? 'last update failed' : State),
      remedy: 'The function can’t be called: `aws lambda get-function` says why.',
    },
  ];
}

/** What stacks declare and the JSON does not say: where the function runs, and with which variables. */
function assessDeclared(
  subject: Subject,
  name: string,
  configuration: Observation<FunctionConfiguration>,
  context: ProbeContext,
): Check[] {
  const { inventory } = context;
  const house = houseRemedy(context);
  return [
    ...assess(subject, inventory.given('vpc', configuration), [
      {
        id: 'function.subnets',
        expected: sameMembers(privateSubnets(context.inventory)),
        actual: ({ VpcConfig }) => VpcConfig?.SubnetIds ?? [],
        remedy: house,
      },
    ]),
    ...assess(subject, inventory.given('lambda', configuration), [
      {
        id: 'function.security-groups',
        expected: sameMembers(idsOrNone(context.inventory.idsOf('lambda', 'AWS::EC2::SecurityGroup'))),
        actual: ({ VpcConfig }) => VpcConfig?.SecurityGroupIds ?? [],
        remedy: house,
      },
      {
        id: 'function.environment',
        expected: variablesOfTemplate(name, context.inventory),
        actual: ({ Environment }) => Environment?.Variables ?? {},
        remedy: house,
      },
    ]),
  ];
}

const aliasExpectations = (context: ProbeContext): Expectation<AliasConfiguration>[] => [
  {
    id: 'function.alias-version',
    expected: satisfying('one numbered version, no traffic shifted to another', (actual) =>
      /^\d+$/.test(String(actual)),
    ),
    actual: ({ FunctionVersion, RoutingConfig }) =>
      [FunctionVersion, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})].join(' and '),
    remedy: houseRemedy(context),
  },
];

/** The private subnets, as the VPC stack publishes them for the functions. */
function privateSubnets(inventory: Inventory): readonly string[] {
  const published = publishedValue(inventory, 'private-subnet-ids');
  return typeof published === 'string' ? published.split(',') : [];
}

const idsOrNone = (ids: Observation<readonly string[]>): readonly string[] =>
  ids.state === 'observed' ? ids.value : [];

/** The variables the deployed template gives the function; more, fewer or other ones do not match. */
function variablesOfTemplate(name: string, inventory: Inventory): Matcher {
  const { template, references } = inventory.stack('lambda');
  const declared =
    template.state === 'observed'
      ? Object.values(template.value).find(({ Properties }) => Properties?.['FunctionName'] === name)
      : undefined;
  const environment = declared?.Properties?.['Environment'] as { Variables?: unknown } | undefined;
  const variables = resolveTemplateValue(environment?.Variables ?? {}, references);
  return { expected: readable(variables), matches: (actual) => agreesWithTemplate(variables, actual) };
}

/** Order processing takes the order queue through `live`, and says which messages of a batch failed. */
async function lookAtEventSource(context: ProbeContext): Promise<Check[]> {
  const { name: environment } = context.config;
  const name = resourceName('order-processing', environment);
  const mappings = await observe(async () => {
    const all = [];
    const request = { FunctionName: `${name}:${LIVE_ALIAS}` };
    for await (const page of paginateListEventSourceMappings({ client: context.clients.lambda }, request)) {
      all.push(...(page.EventSourceMappings ?? []));
    }
    return all;
  });
  const queue = resourceName('order-queue', environment);
  const mapping = partOf(mappings, (all) => all.find(({ EventSourceArn }) => EventSourceArn?.endsWith(`:${queue}`)));
  const resource =
    mapping.state === 'observed' && mapping.value.UUID
      ? { resource: { type: 'AWS::Lambda::EventSourceMapping', id: mapping.value.UUID } }
      : {};
  const house = houseRemedy(context);
  return assessPresent({ name: `${queue} → ${name}`, ...resource }, 'event-source.present', mapping, [
    { id: 'event-source.enabled', expected: exactly('Enabled'), actual: ({ State }) => State, remedy: house },
    {
      id: 'event-source.partial-failures',
      expected: exactly(['ReportBatchItemFailures']),
      actual: ({ FunctionResponseTypes }) => FunctionResponseTypes ?? [],
      remedy: house,
    },
  ]);
}
