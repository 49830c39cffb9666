/**
 * The topic alarms and events go to, under a key of its own. Under the AWS-managed key CloudWatch and EventBridge may
 * not encrypt, and their messages are dropped without a word:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  readonly topicName: string;
  /** Each address gets a mail to confirm, once. */
  readonly emails: readonly string[];
}

export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      alias: props.topicName,
      description: `Encrypts what ${props.topicName} sends`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = new Topic(this, 'Topic', { topicName: props.topicName, masterKey: key, enforceSSL: true });

    // Only this account's alarms: else anybody's could be pointed at this topic.
    const conditions = {
      StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm:*' }) },
    };
    const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')];
    key.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions,
      }),
    );
    this.topic.addToResourcePolicy(
      new PolicyStatement({ principals, actions: ['sns:Publish'], resources: [this.topic.topicArn], conditions }),
    );
    // EventBridge brings no source account or ARN to a topic or its key: with conditions its messages would be dropped,
    // and with a role on the target as well. So it is admitted as it is, to this topic and key alone.
    const events = new ServicePrincipal('events.amazonaws.com');
    this.topic.grantPublish(events);
    for (const email of props.emails) this.topic.addSubscription(new EmailSubscription(email));
  }
}
