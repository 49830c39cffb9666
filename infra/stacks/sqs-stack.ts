/** Orders on their way: the queue between intake and processing, and the queue of those that could not be processed. */
import type { Construct } from 'constructs';
import { resourceName } from '../../environments/naming.ts';
import { QueueWithDeadLetter } from '../constructs/queue-with-dead-letter.ts';
import { BaseStack, type BaseStackProps } from './base-stack.ts';

export class SqsStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, { description: 'Order queues of the trading platform', ...props });
    const { name, queue: config } = props.environment;

    const { queue, deadLetterQueue } = new QueueWithDeadLetter(this, 'Orders', {
      queueName: resourceName('order-queue', name),
      deadLetterQueueName: resourceName('order-dead-letter-queue', name),
      ...config,
    });

    this.publish('order-queue-url', queue.queueUrl, 'The queue of orders to process');
    this.publish('order-queue-arn', queue.queueArn, 'The same queue, for event sources and policies');
    this.publish('order-dead-letter-queue-url', deadLetterQueue.queueUrl, 'Orders that could not be processed');
  }
}
