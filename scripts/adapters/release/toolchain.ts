/**
 * The versions that make a release, as installed: same versions, same commit, same bytes.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PACKAGES = ['aws-cdk-lib', 'constructs', 'esbuild', 'typescript', 'tsx', '@aws-cdk/toolkit-lib'];

export async function readToolchain(root: string): Promise<Readonly<Record<string, string>>> {
  const versions = await Promise.all(
    PACKAGES.map(async (name): Promise<[string, string]> => {
      const text = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8');
      return [name, (JSON.parse(text) as { version: string }).version];
    }),
  );
  return { node: process.versions.node, ...Object.fromEntries(versions) };
}
