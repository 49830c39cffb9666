/**
 * A queue and the queue its failures go to: both encrypted, TLS only, and the second open to the first alone.
 */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface QueueWithDeadLetterProps {
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  /** Days a message waits for its consumer. */
  readonly retentionDays: number;
  /** Seconds a received message stays hidden; six times the consumer's timeout, says AWS. */
  readonly visibilityTimeoutSeconds: number;
  /** Receives after which a message counts as poison. */
  readonly maxReceiveCount: number;
}

/** The longest SQS keeps a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const LONGEST_RETENTION_DAYS = 14;

export class QueueWithDeadLetter extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDeadLetterProps) {
    super(scope, id);
    const secured = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    // By name, not by reference: each queue refers to the other, and CloudFormation can't make a circle.
    const sourceArn = Stack.of(this).formatArn({ service: 'sqs', resource: props.queueName });

    this.deadLetterQueue = new Queue(this, 'DeadLetter', {
      ...secured,
      queueName: props.deadLetterQueueName,
      // A message keeps its age when it moves here, so less than the longest would delete the evidence early.
      retentionPeriod: Duration.days(LONGEST_RETENTION_DAYS),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [Queue.fromQueueArn(this, 'Source', sourceArn)],
      },
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      queueName: props.queueName,
      retentionPeriod: Duration.days(props.retentionDays),
      visibilityTimeout: Duration.seconds(props.visibilityTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.maxReceiveCount },
    });
  }
}
