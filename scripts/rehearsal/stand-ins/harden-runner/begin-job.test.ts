/** A job begins when the rehearsal lets it, and says why where it does not. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { recordedStep } from '../testing/recorded-step.ts';
import { ATTEMPTS, beginJob, PATIENCE_MS } from './begin-job.ts';

type Reply = readonly [status: number, body?: unknown];
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

/** A controller that gives each answer once, and the last one for ever. */
async function controller(...replies: readonly Reply[]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [status, body] = replies[Math.min(asked.length, replies.length - 1)] as Reply;
    asked.push(request.url ?? '');
    response.writeHead(status).end(body === undefined ? undefined : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const audit = { 'egress-policy': 'audit' };
const impatient = { nonce: 'abc-123', now: () => 0, wait: async () => {} };

describe('the job begins', () => {
  it('names itself in the log, and takes its variables on', async () => {
    const { url, asked } = await controller([
      200,
      { allowed: true, variables: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret', PLACE: 'here' } },
    ]);
    const step = recordedStep(audit, { REHEARSAL_CONTROLLER: url });
    await beginJob(step, impatient);
    assert.deepEqual(step.said, ['rehearsal-job abc-123']);
    assert.deepEqual(asked, ['/jobs/abc-123']);
    assert.deepEqual(step.exported, { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret', PLACE: 'here' });
    assert.deepEqual(step.masked, ['secret']);
  });

  it('asks again while there is no answer yet', async () => {
    const { url, asked } = await controller([404], [204], [404], [200, { allowed: true }]);
    await beginJob(recordedStep(audit, { REHEARSAL_CONTROLLER: url }), impatient);
    assert.equal(asked.length, 4);
  });

  it('fails with the reason where it may not', async () => {
    const { url } = await controller([200, { allowed: false, reason: 'Environment prod: rejected by carol' }]);
    const step = recordedStep(audit, { REHEARSAL_CONTROLLER: url });
    await assert.rejects(beginJob(step, impatient), { message: 'Environment prod: rejected by carol' });
  });

  it('stops waiting in the end', async () => {
    const { url } = await controller([204]);
    let clock = 0;
    const step = recordedStep(audit, { REHEARSAL_CONTROLLER: url });
    const wait = async (): Promise<void> => {
      clock += PATIENCE_MS / 3;
    };
    await assert.rejects(beginJob(step, { ...impatient, now: () => clock, wait }), /Nobody said within 15 minutes/);
  });

  it('names the rehearsal that is out of reach', async () => {
    let waits = 0;
    const wait = async (): Promise<void> => {
      waits += 1;
    };
    const step = recordedStep(audit, { REHEARSAL_CONTROLLER: 'http://127.0.0.1:1' });
    await assert.rejects(beginJob(step, { ...impatient, wait }), /not reached at http:\/\/127\.0\.0\.1:1/);
    assert.equal(waits, ATTEMPTS - 1);
  });

  for (const [name, reply] of [
    ['a failure', [500, { error: 'no such run' }]],
    ['nonsense', [200, { allowed: 'perhaps' }]],
  ] as const) {
    it(`takes ${name} for no permission`, async () => {
      const { url } = await controller(reply);
      await assert.rejects(beginJob(recordedStep(audit, { REHEARSAL_CONTROLLER: url }), impatient), /rehearsal/);
    });
  }
});

describe('inputs of harden-runner', () => {
  it('refuses an egress policy it does not know', async () => {
    await assert.rejects(
      beginJob(recordedStep({ 'egress-policy': 'deny' }), impatient),
      /"deny"; allowed: audit, block/,
    );
  });

  it('warns where everything is blocked', async () => {
    const { url } = await controller([200, { allowed: true }]);
    const step = recordedStep({}, { REHEARSAL_CONTROLLER: url });
    await beginJob(step, impatient);
    assert.match(step.warnings.join(), /no step reaches the network/);
  });

  it('refuses what is not a boolean', async () => {
    await assert.rejects(
      beginJob(recordedStep({ ...audit, 'disable-sudo': 'yes' }), impatient),
      /disable-sudo is "yes"/,
    );
  });

  it('says what the stand-in does not play', async () => {
    await assert.rejects(beginJob(recordedStep({ ...audit, policy: 'x' }), impatient), /does not play policy/);
  });
});
