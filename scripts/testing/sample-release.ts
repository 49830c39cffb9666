/**
 * A small release on disk, as synth would make it: two environments, an asset, and what the toolkit leaves beside them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashDirectory } from '../adapters/release/hash-directory.ts';
import { writeRelease } from '../adapters/release/release-directory.ts';
import { describeRelease, type Release } from '../core/release/release.ts';

/** @param content goes into an asset: another content is another release. */
export async function writeSampleRelease(folder: string, content = 'exports.handler = 1;'): Promise<Release> {
  const files: Record<string, string> = {
    'dev/manifest.json': '{"dev":1}',
    'dev/asset.abc/index.js': content,
    'dev/asset.abc/package.lock': 'an asset may hold a file of any name',
    'prod/manifest.json': '{"prod":1}',
    'prod/@types/é x.json': '{}',
    // Left out of release and archive: the toolkit's own.
    'dev/.cache/asset.zip': 'zip',
    'dev/read.1.lock': '',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const place = { region: 'us-east-1', stacks: ['trading-vpc'] };
  const release = describeRelease({
    commit: 'c'.repeat(40),
    committedAt: '2026-11-23T12:00:00+01:00',
    dirty: false,
    createdAt: new Date(0),
    environments: [
      { name: 'dev', account: '123456789012', stage: 'development', ...place },
      { name: 'prod', account: '345678901234', stage: 'production', ...place },
    ],
    toolchain: { node: '24' },
    files: await hashDirectory(folder),
  });
  await writeRelease(folder, release);
  return release;
}
