import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEnvironments } from '../../../environments/load.ts';
import type { Target } from '../../adapters/target.ts';
import { run } from './run.ts';

const targets: readonly Target[] = loadEnvironments({ variables: {} }).map((environment) => ({
  environment,
  account: environment.account,
  region: environment.region,
  unanswerable: [],
}));
const dev = targets.filter(({ environment }) => environment.name === 'dev');
const PUBLISHED = 'https://abc.execute-api.us-east-1.amazonaws.com/v1';

describe('endpoint', () => {
  it('is what the environment published, for people and for the workflow', async () => {
    const asked: string[] = [];
    const readParameter = async (target: Target, name: string) => {
      asked.push(`${target.environment.name} ${name}`);
      return PUBLISHED;
    };
    const { text, outputs } = await run(dev, { readParameter });
    assert.deepEqual([text, outputs], [PUBLISHED, { endpoint: PUBLISHED }]);
    assert.deepEqual(asked, ['dev /trading-platform/dev/api-endpoint']);
  });

  it('of an emulated account is where that account serves it', async () => {
    const emulator = { endpoint: 'http://127.0.0.1:4566', credentials: { accessKeyId: '1', secretAccessKey: 'local' } };
    const [target] = dev as [Target];
    const { text } = await run([{ ...target, emulator }], { readParameter: async () => PUBLISHED });
    assert.equal(text, 'http://127.0.0.1:4566/restapis/abc/v1/_user_request_');
  });

  it('that was never published is a failure with the way out', async () => {
    await assert.rejects(run(dev, { readParameter: async () => undefined }), {
      code: 'NO_ENDPOINT',
      message: /promote -- --until dev/,
    });
  });

  it('is asked of one environment at a time', async () => {
    for (const chosen of [[], targets]) {
      await assert.rejects(run(chosen, { readParameter: async () => PUBLISHED }), /one environment/);
    }
  });
});
