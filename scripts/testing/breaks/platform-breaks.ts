/** Breaks of what spans services: SSM parameters and tags. */
import { CreateTagsCommand, DeleteTagsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { TagResourceCommand as TagFunction, UntagResourceCommand as UntagFunction } from '@aws-sdk/client-lambda';
import { GetBucketTaggingCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-ssm';
import { type ParameterName, parameterName, resourceName, TAG_KEYS } from '../../../environments/naming.ts';
import type { DeployedEnvironment } from '../deployed-environment.ts';
import type { Break } from './break.ts';

const parameter =
  (name: ParameterName) =>
  ({ config }: DeployedEnvironment): string =>
    parameterName(config.name, name);

const parameterValue = (name: ParameterName, wrong: string): Break => ({
  id: 'parameter.target',
  of: parameter(name),
  apply: async (environment) => {
    const { ssm } = environment.clients;
    const Name = parameter(name)(environment);
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    const put = (Value: string | undefined) => ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
    await put(wrong);
    return () => put(Parameter?.Value);
  },
});

const owner = (config: DeployedEnvironment['config']) => ({ Key: TAG_KEYS.owner, Value: config.tags.owner });

export const PLATFORM_BREAKS: readonly Break[] = [
  parameterValue('vpc-id', 'vpc-nowhere'),
  parameterValue('orders-table-name', 'orders-elsewhere'),
  parameterValue('alarm-topic-arn', 'arn:aws:sns:us-east-1:123456789012:elsewhere'),
  {
    id: 'parameter.present',
    of: parameter('order-queue-arn'),
    apply: async (environment) => {
      const { ssm } = environment.clients;
      const Name = parameter('order-queue-arn')(environment);
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
      const { TagList } = await ssm.send(
        new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: Name }),
      );
      await ssm.send(new DeleteParameterCommand({ Name }));
      return () => {
        const Tags = TagList?.filter(({ Key }) => !Key?.startsWith('aws:'));
        return ssm.send(new PutParameterCommand({ Name, Value: Parameter?.Value, Type: 'String', Tags }));
      };
    },
  },
  {
    id: 'tags.present',
    of: parameter('api-endpoint'),
    apply: async (environment) => {
      const { ssm } = environment.clients;
      const request = { ResourceType: 'Parameter' as const, ResourceId: parameter('api-endpoint')(environment) };
      await ssm.send(new RemoveTagsFromResourceCommand({ ...request, TagKeys: [TAG_KEYS.owner] }));
      return () => ssm.send(new AddTagsToResourceCommand({ ...request, Tags: [owner(environment.config)] }));
    },
  },
  {
    id: 'tags.present',
    of: ({ config }) => resourceName('order-intake', config.name),
    apply: async ({ clients: { lambda }, config }) => {
      const name = resourceName('order-intake', config.name);
      const Resource = `arn:aws:lambda:${config.region}:${config.account}:function:${name}`;
      await lambda.send(new TagFunction({ Resource, Tags: { [TAG_KEYS.owner]: 'somebody else' } }));
      await lambda.send(new UntagFunction({ Resource, TagKeys: [TAG_KEYS.costCentre] }));
      const Tags = { [TAG_KEYS.owner]: config.tags.owner, [TAG_KEYS.costCentre]: config.tags.costCentre };
      return () => lambda.send(new TagFunction({ Resource, Tags }));
    },
  },
  {
    id: 'tags.present',
    of: ({ config }) => `trading-vpc-${config.name}/`,
    apply: async ({ clients: { ec2 }, config }) => {
      const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
      const Resources = [Vpcs?.find(({ CidrBlock }) => CidrBlock === config.network.cidr)?.VpcId ?? ''];
      await ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: TAG_KEYS.owner }] }));
      return () => ec2.send(new CreateTagsCommand({ Resources, Tags: [owner(config)] }));
    },
  },
  {
    id: 'tags.present',
    of: ({ config }) => resourceName('trade-data', config.name),
    apply: async ({ clients: { s3 }, config }) => {
      const Bucket = `${resourceName('trade-data', config.name)}-${config.account}-${config.region}-an`;
      const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
      const own = TagSet.filter(({ Key }) => !Key?.startsWith('aws:'));
      const put = (tags: typeof own) => s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tags } }));
      await put(own.filter(({ Key }) => Key !== TAG_KEYS.project));
      return () => put(own);
    },
  },
];
