import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { type FakeSsm, startFakeSsm } from './fake-ssm.ts';

describe('the fake Parameter Store', () => {
  let fake: FakeSsm;
  let client: SSMClient;
  let now = Date.parse('2026-11-23T12:00:00.500Z');
  const put = (name: string, value: string, overwrite = false) =>
    client.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: overwrite }));

  before(async () => {
    fake = await startFakeSsm(() => now);
    client = fake.client({ maxAttempts: 1 });
  });
  after(() => fake.close());

  it('makes a parameter once, and counts the versions of one that is overwritten', async () => {
    assert.equal((await put('/a/1', 'x')).Version, 1);
    await assert.rejects(put('/a/1', 'y'), { name: 'ParameterAlreadyExists' });
    assert.equal((await put('/a/1', 'z', true)).Version, 2);
    const { Parameter } = await client.send(new GetParameterCommand({ Name: '/a/1' }));
    assert.equal(Parameter?.Value, 'z');
    assert.equal(Parameter?.LastModifiedDate?.getTime(), now);
    await assert.rejects(client.send(new GetParameterCommand({ Name: '/a/none' })), { name: 'ParameterNotFound' });
  });

  it('tells the parameters it has from those it has not', async () => {
    const found = await client.send(new GetParametersCommand({ Names: ['/a/1', '/a/none'] }));
    assert.deepEqual(
      found.Parameters?.map(({ Name }) => Name),
      ['/a/1'],
    );
    assert.deepEqual(found.InvalidParameters, ['/a/none']);
  });

  it('lists a path by pages of ten, and not what lies deeper', async () => {
    for (let number = 1; number <= 12; number += 1) fake.put(`/path/${number}`, 'v');
    fake.put('/path/1/deeper', 'v');
    const first = await client.send(new GetParametersByPathCommand({ Path: '/path' }));
    assert.equal(first.Parameters?.length, 10);
    const second = await client.send(new GetParametersByPathCommand({ Path: '/path', NextToken: first.NextToken }));
    assert.equal(second.Parameters?.length, 2);
    assert.equal(second.NextToken, undefined);
  });

  it('deletes what is there', async () => {
    await client.send(new DeleteParameterCommand({ Name: '/path/1' }));
    assert.equal(fake.value('/path/1'), undefined);
    await assert.rejects(client.send(new DeleteParameterCommand({ Name: '/path/1' })), { name: 'ParameterNotFound' });
  });

  it('keeps a hundred versions and drops the oldest', async () => {
    for (let number = 0; number < 105; number += 1) fake.put('/a/many', String(number));
    assert.deepEqual([fake.versions('/a/many').length, fake.versions('/a/many')[0]], [100, 6]);
  });

  it('refuses what is too long, empty, or holds a reference', async () => {
    for (const value of ['x'.repeat(4_097), '', 'a {{ssm:b}}']) {
      await assert.rejects(put('/a/2', value), { name: 'ValidationException' });
    }
    await put('/a/2', 'x'.repeat(4_096));
  });

  it('says its own time', async () => {
    now += 3_600_000;
    const response = await fetch(fake.endpoint, {
      method: 'POST',
      body: '{}',
      headers: { 'x-amz-target': 'AmazonSSM.None' },
    });
    assert.equal(response.headers.get('date'), new Date(now).toUTCString());
  });

  it('answers with the fault asked for, as often as asked', async () => {
    fake.fail({ operation: 'PutParameter', kind: 'TooManyUpdates', times: 2, after: 1 });
    await put('/f/1', 'v');
    await assert.rejects(put('/f/2', 'v'), { name: 'TooManyUpdates' });
    await assert.rejects(put('/f/2', 'v'), { name: 'TooManyUpdates' });
    await put('/f/2', 'v');
  });

  it('loses an answer after applying, a request before', async () => {
    fake.fail({ operation: 'PutParameter', kind: 'lost-answer' });
    await assert.rejects(put('/lost/answer', 'v'));
    assert.equal(fake.value('/lost/answer'), 'v');
    fake.fail({ operation: 'PutParameter', kind: 'lost-request' });
    await assert.rejects(put('/lost/request', 'v'));
    assert.equal(fake.value('/lost/request'), undefined);
  });

  it('is retried by the SDK after a lost answer, which then meets its own parameter', async () => {
    fake.fail({ operation: 'PutParameter', kind: 'lost-answer' });
    await assert.rejects(
      fake.client().send(new PutParameterCommand({ Name: '/lost/twice', Value: 'v', Type: 'String' })),
      { name: 'ParameterAlreadyExists' },
    );
  });
});
