/** Reads what a release would deploy to an environment: the templates and tags of its assembly. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleasedStack, Template } from '../../core/plan/facts.ts';
import { readStacks } from '../cdk-app/assembly.ts';

/**
 * By stack name.
 * @param folder the environment's, in the release
 * @throws NoAssemblyError
 */
export async function readReleasedStacks(folder: string): Promise<ReadonlyMap<string, ReleasedStack>> {
  const stacks = await readStacks(folder);
  const read = stacks.map(async ({ name, template, tags }): Promise<[string, ReleasedStack]> => {
    const text = await readFile(join(folder, template), 'utf8');
    return [name, { template: JSON.parse(text) as Template, tags }];
  });
  return new Map(await Promise.all(read));
}
