/**
 * Lets the jobs of a run begin, as GitHub would: the first step of each asks here and waits. Who asks is known from act's
 * own log, not from what the job says of itself.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActEvent, JobPlace } from './act/log.ts';

export type Admission =
  /** @param variables what the job finds in its environment beyond what all jobs find */
  | { readonly allowed: true; readonly variables: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly reason: string };

export type Admit = (place: JobPlace) => Promise<Admission>;

/** What a job prints when it begins: harden-runner's stand-in, the first step of each. */
const ANNOUNCEMENT = /^rehearsal-job (\S+)$/;

export class Controller {
  readonly endpoint: string;
  private readonly server: Server;
  private readonly answers: Answers;

  private constructor(server: Server, answers: Answers) {
    this.server = server;
    this.answers = answers;
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Controller> {
    const answers = new Answers();
    const server = createServer((request, response) => {
      const nonce = /^\/jobs\/([\w-]+)$/.exec(request.url ?? '')?.[1];
      if (request.method !== 'GET' || nonce === undefined) return void response.writeHead(404).end();
      answers.of(nonce).then(
        (answer) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
        (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Controller(server, answers);
  }

  /** Hears the log of a run; a job that announces itself is admitted or not. */
  hear(event: ActEvent, admit: Admit): void {
    const nonce = event.type === 'said' ? ANNOUNCEMENT.exec(event.text)?.[1] : undefined;
    if (event.type !== 'said' || nonce === undefined) return;
    admit(event.job).then(
      (answer) => this.answers.give(nonce, answer),
      // The job ends with the reason, and the run with it.
      (error: unknown) => this.answers.give(nonce, { allowed: false, reason: String(error) }),
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve, reject) => this.server.close((error) => (error ? reject(error) : resolve())));
  }
}

/** The line in the log and the request come in either order. */
class Answers {
  private readonly promised = new Map<string, Promised>();

  of(nonce: string): Promise<Admission> {
    return this.entry(nonce).answer;
  }

  give(nonce: string, answer: Admission): void {
    this.entry(nonce).resolve(answer);
  }

  private entry(nonce: string): Promised {
    const entry = this.promised.get(nonce) ?? promised();
    this.promised.set(nonce, entry);
    return entry;
  }
}

interface Promised {
  readonly answer: Promise<Admission>;
  readonly resolve: (answer: Admission) => void;
}

function promised(): Promised {
  let resolve: Promised['resolve'] = () => {};
  const answer = new Promise<Admission>((given) => {
    resolve = given;
  });
  return { answer, resolve };
}
