/** Calls the fake by plain HTTP: what its own tests look through, so that no client's kindness hides anything. */
import type { FakeGitHub } from './fake-github.ts';

export interface Asked {
  readonly token?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** Of a refusal; empty for none. */
  readonly message: string;
  readonly errors: readonly { readonly field: string; readonly code: string; readonly message?: string }[];
}

/** @returns what calls that fake */
export const caller =
  ({ endpoint }: FakeGitHub) =>
  async (method: string, path: string, { token, body, signal }: Asked = {}): Promise<Answered> => {
    const response = await fetch(`${endpoint}${path}`, {
      method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    const { message = '', errors = [] } = (answer ?? {}) as Partial<Answered>;
    return { status: response.status, headers: response.headers, body: answer, message, errors };
  };
