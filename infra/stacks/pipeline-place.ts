/** An environment as policies name it: the ARNs of what is in it, as exact as names that are known beforehand allow. Pure. */
import { PROJECT, RELEASE_STORE_PREFIX, type ResourceType, resourceName } from '../../environments/naming.ts';

export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly environment: string;
  /** The environment before this one, if it is in the same account: its ledger is read before a promotion. */
  readonly predecessor: string | undefined;
  /** The region of PipelineStack, which keeps the account's releases. */
  readonly homeRegion: string;
}

/** `arn:aws:sqs:us-east-1:123456789012:order-queue-dev`, of the place's own account and region. */
export const arnOf = ({ partition, account, region }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** IAM belongs to no region. */
export const iamArn = ({ partition, account }: Pick<Place, 'partition' | 'account'>, resource: string): string =>
  `arn:${partition}:iam::${account}:${resource}`;

export const named = (place: Place, service: string, type: ResourceType, before = ''): string =>
  arnOf(place, service, `${before}${resourceName(type, place.environment)}`);

/** @param name below the environment's own path: `release/*` */
export const parameterArn = (place: Place, name: string, environment = place.environment): string =>
  arnOf(place, 'ssm', `parameter/${PROJECT}/${environment}/${name}`);

/** Where the account keeps its releases. S3 appends account and region to the names of buckets: see EncryptedBucket. */
export const storeArn = ({
  partition,
  account,
  homeRegion,
}: Omit<Place, 'environment' | 'region' | 'predecessor'>): string =>
  `arn:${partition}:s3:::${RELEASE_STORE_PREFIX}-${account}-${homeRegion}-an`;

export const tradeBucketArn = ({ partition, account, region, environment }: Place): string =>
  `arn:${partition}:s3:::${resourceName('trade-data', environment)}-${account}-${region}-an`;
