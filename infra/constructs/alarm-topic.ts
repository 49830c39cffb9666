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

/** Who publishes, and the kind of ARN it publishes in the name of. */
const PUBLISHERS = [
  { principal: 'cloudwatch.amazonaws.com', service: 'cloudwatch', resources: 'alarm:*' },
  { principal: 'events.amazonaws.com', service: 'events', resources: 'rule/*' },
];

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

    for (const publisher of PUBLISHERS) {
      const principals = [new ServicePrincipal(publisher.principal)];
      // Only this account's alarms and rules: else anybody's could be pointed at this topic.
      const conditions = {
        StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        ArnLike: {
          'aws:SourceArn': Stack.of(this).formatArn({ service: publisher.service, resource: publisher.resources }),
        },
      };
      key.addToResourcePolicy(
        new PolicyStatement({ principals, actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'], conditions }),
      );
      this.topic.addToResourcePolicy(
        new PolicyStatement({ principals, actions: ['sns:Publish'], resources: [this.topic.topicArn], conditions }),
      );
    }
    for (const email of props.emails) this.topic.addSubscription(new EmailSubscription(email));
  }
}
