/** The product's own client aimed at the fake, which waits milliseconds where GitHub would have it wait seconds. */
import { createGitHub, type GitHub, type Pace } from '../../adapters/github/client.ts';
import type { Clock } from '../../core/clock.ts';
import type { FakeGitHub } from './fake-github.ts';

export interface FakeClient extends GitHub {
  /** What it would have waited, in milliseconds, and what it told meanwhile. */
  readonly slept: readonly number[];
  readonly warnings: readonly string[];
}

export interface FakeClientOptions {
  readonly pace?: Partial<Pace>;
  readonly signal?: AbortSignal;
}

/** @param token one that may write comments and issues when left out */
export function clientOf(fake: FakeGitHub, token?: string, { pace, signal }: FakeClientOptions = {}): FakeClient {
  const slept: number[] = [];
  const warnings: string[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: async (milliseconds) => void slept.push(milliseconds),
    random: () => 0,
  };
  const github = createGitHub({
    token: token ?? fake.addToken({ permissions: { issues: 'write', pull_requests: 'write', contents: 'read' } }),
    baseUrl: fake.endpoint,
    repository: fake.name,
    clock,
    warn: (text) => warnings.push(text),
    pace: { second: 1, writeEvery: 0, notifyEvery: 0, timeout: 2_000, ...pace },
    ...(signal && { signal }),
  });
  return { ...github, slept, warnings };
}
