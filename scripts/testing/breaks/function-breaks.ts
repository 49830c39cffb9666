/** Breaks of functions, their alias and event source. */
import { setTimeout } from 'node:timers/promises';
import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
  type VpcConfig,
} from '@aws-sdk/client-lambda';
import { LIVE_ALIAS, resourceName } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import { type Break, rewriteAnswer } from './break.ts';

const processing = ({ config }: DeployedEnvironment): string => resourceName('order-processing', config.name);
const intake = ({ config }: DeployedEnvironment): string => resourceName('order-intake', config.name);
const eventSource = (environment: DeployedEnvironment): string =>
  `${resourceName('order-queue', environment.config.name)} → ${processing(environment)}`;

/** The SDK's own waiter waits whole seconds. */
async function settled(lambda: LambdaClient, FunctionName: string): Promise<void> {
  for (;;) {
    const { State, LastUpdateStatus } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (State === 'Active' && LastUpdateStatus !== 'InProgress') return;
    await setTimeout(50);
  }
}

type Change = Omit<UpdateFunctionConfigurationCommandInput, 'FunctionName'>;

/** Changes the function and not the version behind `live`, as a hand would. */
function configure(id: string, change: Change, back: (before: FunctionConfiguration) => Change): Break {
  return {
    id,
    of: processing,
    apply: async (environment) => {
      const { lambda } = environment.clients;
      const FunctionName = processing(environment);
      const update = async (to: Change): Promise<void> => {
        await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...to }));
        await settled(lambda, FunctionName);
      };
      const before = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      await update(change);
      return () => update(back(before));
    },
  };
}

/** Lambda takes subnets and security groups together or not at all. */
function network(id: string, change: (before: VpcConfig) => VpcConfig): Break {
  return {
    id,
    of: processing,
    apply: async (environment) => {
      const { lambda } = environment.clients;
      const FunctionName = processing(environment);
      const before = (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).VpcConfig;
      const right = { SubnetIds: before?.SubnetIds, SecurityGroupIds: before?.SecurityGroupIds };
      const put = async (VpcConfig: VpcConfig): Promise<void> => {
        await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, VpcConfig }));
        await settled(lambda, FunctionName);
      };
      await put({ ...right, ...change(right) });
      return () => put(right);
    },
  };
}

const mappingOf = async (environment: DeployedEnvironment) => {
  const FunctionName = `${processing(environment)}:${LIVE_ALIAS}`;
  const { EventSourceMappings } = await environment.clients.lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  return { FunctionName, mapping: EventSourceMappings?.[0] ?? {} };
};

export const FUNCTION_BREAKS: readonly Break[] = [
  configure('function.memory', { MemorySize: 256 }, ({ MemorySize }) => ({ MemorySize })),
  configure('function.timeout', { Timeout: 7 }, ({ Timeout }) => ({ Timeout })),
  configure('function.runtime', { Runtime: 'nodejs20.x' }, ({ Runtime }) => ({ Runtime })),
  configure('function.tracing', { TracingConfig: { Mode: 'PassThrough' } }, ({ TracingConfig }) => ({
    TracingConfig: { Mode: TracingConfig?.Mode },
  })),
  configure('function.environment', { Environment: { Variables: { LOG_LEVEL: 'DEBUG' } } }, ({ Environment }) => ({
    Environment: { Variables: Environment?.Variables },
  })),
  network('function.subnets', ({ SubnetIds }) => ({ SubnetIds: SubnetIds?.slice(1) })),
  network('function.security-groups', () => ({ SecurityGroupIds: ['sg-00000000'] })),
  {
    id: 'function.architecture',
    of: processing,
    apply: async (environment) => {
      const { lambda } = environment.clients;
      const FunctionName = processing(environment);
      const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      const ZipFile = new Uint8Array(await (await fetch(Code?.Location ?? '')).arrayBuffer());
      const put = async (architecture: 'arm64' | 'x86_64'): Promise<void> => {
        await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Architectures: [architecture] }));
        await settled(lambda, FunctionName);
      };
      await put('x86_64');
      return () => put('arm64');
    },
  },
  {
    id: 'function.state',
    of: processing,
    apply: async (environment) =>
      rewriteAnswer<FunctionConfiguration>(environment.clients.lambda, 'GetFunctionConfigurationCommand', (answer) =>
        answer.FunctionName === processing(environment) && answer.Version === '$LATEST'
          ? { ...answer, State: 'Failed' }
          : answer,
      ),
  },
  {
    id: 'function.alias',
    of: (environment) => `${intake(environment)}:${LIVE_ALIAS}`,
    also: ['parameter.target', 'synthetic.accepted', 'synthetic.health'],
    apply: async (environment) => {
      const { lambda } = environment.clients;
      const request = { FunctionName: intake(environment), Name: LIVE_ALIAS };
      const { FunctionVersion } = await lambda.send(new GetAliasCommand(request));
      await lambda.send(new DeleteAliasCommand(request));
      return () => lambda.send(new CreateAliasCommand({ ...request, FunctionVersion }));
    },
  },
  {
    id: 'function.alias-version',
    of: (environment) => `${processing(environment)}:${LIVE_ALIAS}`,
    apply: async (environment) => {
      const { lambda } = environment.clients;
      const request = { FunctionName: processing(environment), Name: LIVE_ALIAS };
      const { FunctionVersion } = await lambda.send(new GetAliasCommand(request));
      await lambda.send(new UpdateAliasCommand({ ...request, FunctionVersion: '$LATEST' }));
      return () => lambda.send(new UpdateAliasCommand({ ...request, FunctionVersion }));
    },
  },
  {
    id: 'event-source.partial-failures',
    of: eventSource,
    apply: async (environment) => {
      const { lambda } = environment.clients;
      const { mapping } = await mappingOf(environment);
      const put = (FunctionResponseTypes: 'ReportBatchItemFailures'[]) =>
        lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, FunctionResponseTypes }));
      await put([]);
      return () => put(['ReportBatchItemFailures']);
    },
  },
  {
    id: 'event-source.enabled',
    of: eventSource,
    also: ['synthetic.processed'],
    apply: async (environment) => {
      const { lambda } = environment.clients;
      const { mapping } = await mappingOf(environment);
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: false }));
      return () => lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: true }));
    },
  },
  {
    id: 'event-source.present',
    of: eventSource,
    also: ['synthetic.processed'],
    apply: async (environment) => {
      const { lambda } = environment.clients;
      const { mapping, FunctionName } = await mappingOf(environment);
      await lambda.send(new DeleteEventSourceMappingCommand({ UUID: mapping.UUID }));
      return () =>
        lambda.send(
          new CreateEventSourceMappingCommand({
            FunctionName,
            EventSourceArn: mapping.EventSourceArn,
            BatchSize: mapping.BatchSize,
            FunctionResponseTypes: ['ReportBatchItemFailures'],
          }),
        );
    },
  },
];
