/** Clients that ask each question once: with the SDK's own clients, and answers put in their place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  paginateDescribeParameters,
} from '@aws-sdk/client-ssm';
import { type AwsClients, createAwsClients } from './aws-clients.ts';
import { sharingAnswers } from './shared-answers.ts';

function clientsThatAnswer(answers: (command: string) => object) {
  const asked: string[] = [];
  const clients = createAwsClients({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  for (const client of [clients.ssm, clients.lambda] as unknown as LambdaClient[]) {
    client.middlewareStack.add(
      (_next, { commandName = '' }) =>
        async () => {
          asked.push(commandName);
          return { output: answers(commandName) as never, response: {} };
        },
      { step: 'initialize', name: 'answers' },
    );
  }
  return { asked, shared: sharingAnswers(clients) as AwsClients };
}

test('the same read is asked once, another input again, and paginators take the client for one', async () => {
  const { asked, shared } = clientsThatAnswer(() => ({ Parameters: [] }));
  const read = (Name: string) => shared.ssm.send(new GetParameterCommand({ Name }));
  await Promise.all([read('/a'), read('/a'), read('/b')]);
  for await (const _page of paginateDescribeParameters({ client: shared.ssm }, {}));
  await shared.ssm.send(new DescribeParametersCommand({}));
  assert.deepEqual(asked, ['GetParameterCommand', 'GetParameterCommand', 'DescribeParametersCommand']);
  assert.equal(shared.ssm, shared.ssm);
});

test('a write goes through each time', async () => {
  const { asked, shared } = clientsThatAnswer(() => ({}));
  const write = () => shared.ssm.send(new PutParameterCommand({ Name: '/a', Value: '1' }));
  await write();
  await write();
  assert.equal(asked.length, 2);
});

test('who failed, and what is pending, is asked again', async () => {
  let turn = 0;
  const { asked, shared } = clientsThatAnswer(() => {
    turn += 1;
    if (turn === 1) throw new Error('throttled');
    return { State: turn === 2 ? 'Pending' : 'Active' };
  });
  const read = () => shared.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'f' }));
  await assert.rejects(read(), /throttled/);
  assert.equal((await read()).State, 'Pending');
  assert.equal((await read()).State, 'Active');
  assert.equal((await read()).State, 'Active');
  assert.equal(asked.length, 3);
});
