/** Trade data: one object per trade, kept as long as the environment says. */
import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { resourceName } from '../../environments/naming.ts';
import { EncryptedBucket } from '../constructs/encrypted-bucket.ts';
import { BaseStack, type BaseStackProps } from './base-stack.ts';

/** Old versions are the way back from a wrong overwrite or delete; a month is enough to notice. */
const NONCURRENT_DAYS = 30;

export class S3Stack extends BaseStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, { description: 'Trade data of the trading platform', ...props });
    const { name, bucket: config } = props.environment;

    const bucket = new EncryptedBucket(this, 'TradeData', {
      namePrefix: resourceName('trade-data', name),
      lifecycleRules: [config.retentionDays === null ? keepForEver() : expireAfter(config.retentionDays)],
    });

    this.publish('trade-bucket-name', bucket.bucketName, 'The bucket of trade records');
  }
}

/** Objects expire; the version that stays behind goes as soon as the configured retention allows. */
function expireAfter(retentionDays: number): LifecycleRule {
  return {
    id: 'expire-trades',
    expiration: Duration.days(retentionDays),
    noncurrentVersionExpiration: Duration.days(Math.min(NONCURRENT_DAYS, retentionDays)),
  };
}

/** Nothing that was ever written expires, old versions included: they only get cheaper to keep. */
function keepForEver(): LifecycleRule {
  return {
    id: 'keep-trades',
    transitions: [
      { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(90) },
      { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(180) },
      { storageClass: StorageClass.DEEP_ARCHIVE, transitionAfter: Duration.days(365) },
    ],
    noncurrentVersionTransitions: [
      { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(NONCURRENT_DAYS) },
    ],
  };
}
