/**
 * The job begins: its log says which job of the log it is, and the rehearsal says whether it may go on.
 *
 * What GitHub does before a job's first step (approval, concurrency, the token's permissions) act does not. Every job of
 * this repository has harden-runner as its first step, so that is where it waits for its turn.
 */
import { request } from 'node:http';
import { z } from 'zod';
import { requireVariables } from '../../../adapters/variables.ts';
import { ActionRefusedError, booleanInput, refuseUnplayed, type Step, textInput } from '../shared/step.ts';

export interface Dependencies {
  /** Told in the log, which is how the rehearsal finds out which job asks. */
  readonly nonce: string;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** How long a job waits for its approval, all in all. */
export const PATIENCE_MS = 15 * 60_000;
const PAUSE_MS = 250;
/** Times in a row that the rehearsal may be out of reach. */
export const ATTEMPTS = 5;

const answer = z.discriminatedUnion('allowed', [
  z.object({ allowed: z.literal(true), variables: z.record(z.string(), z.string()).default({}) }),
  z.object({ allowed: z.literal(false), reason: z.string() }),
]);

/** @throws ActionRefusedError for inputs the action refuses, and where the job may not begin */
export async function beginJob(step: Step, dependencies: Dependencies): Promise<void> {
  checkInputs(step);
  const { REHEARSAL_CONTROLLER: controller } = requireVariables(['REHEARSAL_CONTROLLER'], step.variables);
  step.say(`rehearsal-job ${dependencies.nonce}`);
  const verdict = await verdictOn(new URL(`/jobs/${dependencies.nonce}`, controller), dependencies);
  if (!verdict.allowed) throw new ActionRefusedError(verdict.reason);
  for (const [name, value] of Object.entries(verdict.variables)) {
    if (/TOKEN$/.test(name)) step.mask(value);
    step.exportVariable(name, value);
  }
}

/** Source: action.yml of step-security/harden-runner v2.20.1. */
function checkInputs({ inputs, warn }: Step): void {
  const policy = textInput(inputs, 'egress-policy') || 'block';
  if (policy !== 'audit' && policy !== 'block') {
    throw new ActionRefusedError(`The input egress-policy is ${JSON.stringify(policy)}; allowed: audit, block.`);
  }
  if (policy === 'block' && textInput(inputs, 'allowed-endpoints') === '') {
    warn('egress-policy is block and allowed-endpoints names nothing: on GitHub no step reaches the network.');
  }
  for (const name of ['disable-telemetry', 'disable-sudo', 'disable-sudo-and-containers', 'disable-file-monitoring']) {
    booleanInput(inputs, name, false);
  }
  refuseUnplayed(inputs, {
    policy: '',
    'api-key': '',
    'use-policy-store': 'false',
    'deploy-on-self-hosted-vm': 'false',
  });
}

/** Asks until the answer is there: 204 and 404 mean "not yet". */
async function verdictOn(url: URL, { now, wait }: Dependencies): Promise<z.infer<typeof answer>> {
  const deadline = now() + PATIENCE_MS;
  let failures = 0;
  while (now() < deadline) {
    try {
      const { status, body } = await get(url, deadline - now());
      if (status === 200) return parse(body);
      if (status !== 204 && status !== 404) {
        throw new ActionRefusedError(`The rehearsal answered ${status} to this job: ${body.slice(0, 200)}`);
      }
      failures = 0;
    } catch (error) {
      if (error instanceof ActionRefusedError) throw error;
      failures += 1;
      if (failures >= ATTEMPTS) {
        const reason = (error as Error).message;
        throw new ActionRefusedError(`The rehearsal is not reached at ${url.origin}: ${reason}`, error);
      }
    }
    await wait(PAUSE_MS);
  }
  throw new ActionRefusedError(`Nobody said within ${PATIENCE_MS / 60_000} minutes whether this job may begin.`);
}

function parse(body: string): z.infer<typeof answer> {
  const read = answer.safeParse(json(body));
  if (read.success) return read.data;
  throw new ActionRefusedError(`The rehearsal's answer to this job is none: ${body.slice(0, 200)}`);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Not `fetch`: that one gives up on an answer that takes five minutes, and an approval may. */
function get(url: URL, timeoutMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent: false, timeout: timeoutMs }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    });
    call.on('timeout', () => call.destroy(new Error('no answer in time')));
    call.on('error', reject);
    call.end();
  });
}
