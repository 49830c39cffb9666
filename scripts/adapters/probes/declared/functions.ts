/** Declared properties of functions, what leads to them, and their log groups. */
import { type LogGroup, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
} from '@aws-sdk/client-lambda';
import { lastPart, parsed, type Readers, there } from './reader.ts';

export const FUNCTION_READERS: Readers = {
  'AWS::Lambda::Function': {
    beyond: { Code: 'Lambda gives back a hash of the code, not where it came from' },
    read: async ({ physicalId, context: { clients } }) => {
      const found = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: physicalId }));
      const { Architectures, Description, Environment, FunctionName, Handler, MemorySize, Role, Runtime } = found;
      const { SecurityGroupIds, SubnetIds } = found.VpcConfig ?? {};
      return {
        Architectures,
        Description,
        Environment: Environment && { Variables: Environment.Variables },
        FunctionName,
        Handler,
        LoggingConfig: found.LoggingConfig,
        MemorySize,
        Role,
        Runtime,
        Timeout: found.Timeout,
        TracingConfig: found.TracingConfig,
        VpcConfig: { SecurityGroupIds, SubnetIds },
      };
    },
  },
  'AWS::Lambda::Version': {
    read: async ({ physicalId, context: { clients } }) => {
      const { FunctionName } = await clients.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: physicalId }),
      );
      return { FunctionName };
    },
  },
  'AWS::Lambda::Alias': {
    read: async ({ declared, context: { clients } }) => {
      const request = { FunctionName: String(declared['FunctionName']), Name: String(declared['Name']) };
      const { AliasArn, FunctionVersion, Name } = await clients.lambda.send(new GetAliasCommand(request));
      return { FunctionName: AliasArn?.split(':').at(-2), FunctionVersion, Name };
    },
  },
  'AWS::Lambda::Permission': {
    read: async ({ physicalId, declared, context: { clients } }) => {
      const FunctionName = String(declared['FunctionName']);
      const { Policy } = await clients.lambda.send(new GetPolicyCommand({ FunctionName }));
      const { Statement = [] } = (parsed(Policy) ?? {}) as { Statement?: readonly PolicyStatement[] };
      const { Action, Principal, Condition, Resource } = there(
        // Known by its statement's id, alone or after the function's name.
        Statement.find(({ Sid }) => Sid === lastPart(physicalId, '|')),
        physicalId,
      );
      return {
        Action,
        FunctionName: Resource?.endsWith(FunctionName) ? FunctionName : Resource,
        Principal: typeof Principal === 'string' ? Principal : Principal?.Service,
        SourceArn: Condition?.['ArnLike']?.['AWS:SourceArn'],
        SourceAccount: Condition?.['StringEquals']?.['AWS:SourceAccount'],
      };
    },
  },
  'AWS::Lambda::EventSourceMapping': {
    read: async ({ physicalId, declared, context: { clients } }) => {
      const found = await clients.lambda.send(new GetEventSourceMappingCommand({ UUID: physicalId }));
      const { BatchSize, EventSourceArn, FunctionArn, FunctionResponseTypes, MaximumBatchingWindowInSeconds } = found;
      const name = String(declared['FunctionName']);
      return {
        BatchSize,
        EventSourceArn,
        FunctionName: FunctionArn?.endsWith(`:${lastPart(name, ':function:')}`) ? name : FunctionArn,
        FunctionResponseTypes,
        MaximumBatchingWindowInSeconds,
        ScalingConfig: found.ScalingConfig,
      };
    },
  },
  'AWS::Logs::LogGroup': {
    read: async ({ physicalId, context: { clients } }) => {
      const { logGroupName, retentionInDays, kmsKeyId } = there(
        await findLogGroup(physicalId, clients.cloudwatchLogs),
        physicalId,
      );
      return { LogGroupName: logGroupName, RetentionInDays: retentionInDays, KmsKeyId: kmsKeyId };
    },
  },
};

interface PolicyStatement {
  readonly Sid?: string;
  readonly Action?: unknown;
  readonly Principal?: string | { readonly Service?: unknown };
  readonly Resource?: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** There is no read of one group: a listing by prefix. */
async function findLogGroup(
  name: string,
  client: Parameters<typeof paginateDescribeLogGroups>[0]['client'],
): Promise<LogGroup | undefined> {
  for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name })) {
    const found = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (found !== undefined) return found;
  }
  return undefined;
}
