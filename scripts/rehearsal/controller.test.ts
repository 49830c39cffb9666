import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobPlace } from './act/log.ts';
import { type Admission, Controller } from './controller.ts';

const place: JobPlace = { path: 'Promote/Build', jobId: 'build', matrix: {} };
const announced = (nonce: string) =>
  ({ type: 'said', job: place, step: 'Harden the runner', text: `rehearsal-job ${nonce}` }) as const;
const allowed: Admission = { allowed: true, variables: { A: 'b' } };

let controller: Controller;
beforeEach(async () => {
  controller = await Controller.start();
});
afterEach(() => controller.close());

const ask = async (nonce: string): Promise<unknown> => (await fetch(`${controller.endpoint}/jobs/${nonce}`)).json();

describe('a job that begins', () => {
  it('is answered for the place the log says, not for what it says', async () => {
    const places: JobPlace[] = [];
    const answer = ask('one');
    controller.hear(announced('one'), async (asked) => {
      places.push(asked);
      return allowed;
    });
    assert.deepEqual(await answer, allowed);
    assert.deepEqual(places, [place]);
  });

  it('may ask before or after the log is read', async () => {
    controller.hear(announced('two'), async () => allowed);
    await sleep(20);
    assert.deepEqual(await ask('two'), allowed);
  });

  it('waits while it is not decided', async () => {
    const decided = { give: (_: Admission): void => {} };
    const answer = ask('three');
    controller.hear(announced('three'), () => new Promise((give) => Object.assign(decided, { give })));
    const first = await Promise.race([answer, sleep(100).then(() => 'waits')]);
    assert.equal(first, 'waits');
    decided.give(allowed);
    assert.deepEqual(await answer, allowed);
  });

  it('is refused with the reason where deciding fails', async () => {
    const answer = ask('four');
    controller.hear(announced('four'), async () => {
      throw new Error('nobody comes');
    });
    assert.deepEqual(await answer, { allowed: false, reason: 'Error: nobody comes' });
  });
});

describe('the controller', () => {
  it('decides nothing for other lines', () => {
    const admit = (): Promise<Admission> => assert.fail('asked');
    controller.hear({ ...announced('x'), text: 'so said: rehearsal-job x' }, admit);
    controller.hear({ type: 'act', text: 'rehearsal-job x' }, admit);
  });

  it('answers nothing else', async () => {
    assert.equal((await fetch(`${controller.endpoint}/else`)).status, 404);
    assert.equal((await fetch(`${controller.endpoint}/jobs/x`, { method: 'POST' })).status, 404);
  });
});
