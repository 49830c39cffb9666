/** Every call that reached the fake, in order, for assertions: what was asked, by whom, and how it was answered. */
import type { BodyOf, Route } from './routes.ts';

export interface Entry<R extends Route = Route> {
  readonly route: R;
  /** The path as called: `/repos/example/trading/issues/1`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Partial<BodyOf<R>>;
  /** Login of the token's holder; undefined for an anonymous call. */
  readonly by: string | undefined;
  /** The status answered, or the fault that kept the caller from an answer. */
  readonly answer: number | string;
}

export class Journal {
  readonly entries: Entry[] = [];

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  /** Calls of one route, with its own body type. */
  of<R extends Route>(route: R): Entry<R>[] {
    return this.entries.filter((entry) => entry.route === route) as unknown as Entry<R>[];
  }

  /** Everything that may have changed something: `post /repos/…/comments 201`. */
  mutations(): string[] {
    return this.entries
      .filter(({ route }) => !route.startsWith('get '))
      .map(({ route, path, answer }) => `${route.split(' ')[0]} ${path} ${answer}`);
  }

  clear(): void {
    this.entries.length = 0;
  }
}
