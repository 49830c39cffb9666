/**
 * Small cloud assemblies and releases for tests: a few resources, no assets, made in milliseconds.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadEnvironments } from '../../environments/load.ts';
import { hashDirectory } from '../adapters/release/hash-directory.ts';
import { writeRelease } from '../adapters/release/release-directory.ts';
import { describeRelease, type Release } from '../core/release/release.ts';

export interface TestStack {
  readonly resources: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface TestPlace {
  readonly account: string;
  readonly region: string;
}

/** Oldest schema that knows all fields used here. */
const SCHEMA_VERSION = '36.0.0';

/** Writes an assembly of `stacks`, by name. Templates are short enough to be sent inline: no bootstrap is needed. */
export async function writeAssembly(
  folder: string,
  place: TestPlace,
  stacks: Readonly<Record<string, TestStack>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const artifacts = Object.entries(stacks).map(([name, { dependencies = [], tags }]) => [
    name,
    {
      type: 'aws:cloudformation:stack',
      environment: `aws://${place.account}/${place.region}`,
      properties: { templateFile: `${name}.template.json`, stackName: name, tags },
      dependencies,
    },
  ]);
  await writeFile(
    join(folder, 'manifest.json'),
    JSON.stringify({ version: SCHEMA_VERSION, artifacts: Object.fromEntries(artifacts) }),
  );
  for (const [name, { resources, outputs = {} }] of Object.entries(stacks)) {
    const template = {
      Resources: resources,
      Outputs: Object.fromEntries(Object.entries(outputs).map(([key, Value]) => [key, { Value }])),
    };
    await writeFile(join(folder, `${name}.template.json`), JSON.stringify(template));
  }
}

/** A release of the environment `dev` alone, with `stacks`, in `place`. */
export async function writeTestRelease(
  folder: string,
  place: TestPlace,
  stacks: Readonly<Record<string, TestStack>>,
  { dirty = false, stage = 'development' }: { dirty?: boolean; stage?: 'development' | 'production' } = {},
): Promise<Release> {
  await writeAssembly(join(folder, 'dev'), place, stacks);
  const [dev] = loadEnvironments({ variables: {} });
  await writeFile(join(folder, 'dev', 'environment.json'), JSON.stringify({ ...dev, ...place, stage }));
  const release = describeRelease({
    commit: 'f'.repeat(40),
    committedAt: null,
    dirty,
    createdAt: new Date('2026-11-23T00:00:00Z'),
    environments: [{ name: 'dev', ...place, stage, stacks: Object.keys(stacks) }],
    toolchain: {},
    files: await hashDirectory(folder),
  });
  await writeRelease(folder, release);
  return release;
}

/** A resource every emulated account can make: an SSM parameter. */
export const parameter = (name: string, value: string): unknown => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: name, Type: 'String', Value: value },
});
