/**
 * Works on stacks side by side as their dependencies allow; after a failure it starts no further one.
 *
 * The toolkit has such a loop of its own, but it reports one error for all stacks: which failed, which did not start
 * and what each did would be lost.
 */

import type { StackResult } from '../../core/deployment/stack-result.ts';
import type { AssembledStack } from '../cdk-app/assembly.ts';

type Node = Pick<AssembledStack, 'name' | 'dependencies'>;

/**
 * @param work must not reject: a failure is a result with status `failed`
 * @returns one result per stack, in the order given; `skipped` for those that were not started
 */
export async function inDependencyOrder(
  stacks: readonly Node[],
  concurrency: number,
  work: (name: string) => Promise<StackResult>,
): Promise<readonly StackResult[]> {
  const names = new Set(stacks.map(({ name }) => name));
  const results = new Map<string, StackResult>();
  const running = new Map<string, Promise<void>>();
  const failed = (): StackResult | undefined => [...results.values()].find(({ status }) => status === 'failed');
  const isReady = ({ name, dependencies }: Node): boolean =>
    !results.has(name) &&
    !running.has(name) &&
    dependencies.every((dependency) => !names.has(dependency) || results.has(dependency));

  for (;;) {
    const room = failed() === undefined ? concurrency - running.size : 0;
    for (const { name } of stacks.filter(isReady).slice(0, Math.max(0, room))) {
      running.set(
        name,
        work(name).then((result) => {
          results.set(name, result);
          running.delete(name);
        }),
      );
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }

  const reason = `not started, because ${failed()?.stack ?? 'a stack it depends on'} failed`;
  return stacks.map(({ name }) => results.get(name) ?? { stack: name, status: 'skipped', reason, seconds: 0 });
}
