/**
 * Reads a cloud assembly's manifest: which stacks it holds, and their order.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT, GitOpsError } from '../../core/errors.ts';

/** The part of https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema that is needed. */
const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      dependencies: z.array(z.string()).optional(),
      properties: z
        .object({
          stackName: z.string().optional(),
          templateFile: z.string().optional(),
          tags: z.record(z.string(), z.string()).optional(),
        })
        .optional(),
    }),
  ),
});

type Artifacts = z.infer<typeof manifestSchema>['artifacts'];

export interface AssembledStack {
  readonly name: string;
  /** File name of its template, in the assembly. */
  readonly template: string;
  /** Names of the stacks of this assembly it waits for. */
  readonly dependencies: readonly string[];
  /** Tags of the stack itself. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Thrown when a folder holds no cloud assembly. */
export class NoAssemblyError extends GitOpsError {
  constructor(folder: string, cause: unknown) {
    super(`There is no cloud assembly in ${folder}.`, {
      code: 'NO_ASSEMBLY',
      source: 'internal',
      exitCode: EXIT.failed,
      cause,
    });
  }
}

/**
 * The stacks of the assembly in `folder`, each after those it depends on, and by name where that leaves a choice.
 * @throws NoAssemblyError
 */
export async function readStacks(folder: string): Promise<readonly AssembledStack[]> {
  let artifacts: Artifacts;
  try {
    ({ artifacts } = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))));
  } catch (error) {
    throw new NoAssemblyError(folder, error);
  }
  const nameOf = (id: string): string => artifacts[id]?.properties?.stackName ?? id;
  const isStack = (id: string): boolean => artifacts[id]?.type === 'aws:cloudformation:stack';
  const stacks = Object.keys(artifacts)
    .filter(isStack)
    .map((id) => ({
      name: nameOf(id),
      template: artifacts[id]?.properties?.templateFile ?? `${id}.template.json`,
      dependencies: (artifacts[id]?.dependencies ?? []).filter(isStack).map(nameOf).sort(),
      tags: artifacts[id]?.properties?.tags ?? {},
    }));
  return inOrder(stacks);
}

function inOrder(stacks: readonly AssembledStack[]): readonly AssembledStack[] {
  const left = [...stacks].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ordered: AssembledStack[] = [];
  while (left.length > 0) {
    const placed = new Set(ordered.map(({ name }) => name));
    const next = left.findIndex(({ dependencies }) => dependencies.every((name) => placed.has(name)));
    // The CDK refuses cycles; were there one, the rest would follow by name.
    ordered.push(...left.splice(Math.max(next, 0), 1));
  }
  return ordered;
}
