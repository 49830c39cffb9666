import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SNSClient } from '@aws-sdk/client-sns';
import { loadEnvironments } from '../../../environments/load.ts';
import { createAwsClients } from '../aws-clients.ts';
import { Inventory } from './inventory.ts';
import type { ProbeContext } from './probe.ts';
import { topicConfirmations } from './topic.ts';

/** A context whose SNS answers with these subscriptions, over two pages. */
function contextWith(arns: readonly string[]): ProbeContext {
  const config = loadEnvironments({ variables: {} }).find(({ name }) => name === 'dev');
  assert.ok(config);
  const target = { environment: config, account: config.account, region: config.region, unanswerable: [] };
  const sns = new SNSClient({ region: config.region });
  sns.send = (async ({ input }: { input: { NextToken?: string } }) => {
    const page = input.NextToken === undefined ? arns.slice(0, 1) : arns.slice(1);
    return {
      Subscriptions: page.map((SubscriptionArn, index) => ({ SubscriptionArn, Endpoint: `${index}@example.com` })),
      ...(input.NextToken === undefined && { NextToken: 'more' }),
    };
  }) as typeof sns.send;
  return { target, config, clients: { ...createAwsClients(target), sns }, inventory: new Inventory([]) };
}

test('every subscription confirmed is a pass', async () => {
  const [check] = await topicConfirmations.observe(contextWith(['arn:aws:sns:1', 'arn:aws:sns:2']));
  assert.deepEqual([check?.id, check?.status], ['topic.subscription-confirmed', 'pass']);
});

test('one that was never confirmed is named, from whatever page', async () => {
  const [check] = await topicConfirmations.observe(contextWith(['arn:aws:sns:1', 'PendingConfirmation']));
  assert.deepEqual([check?.status, check?.actual], ['fail', ['0@example.com']]);
});
