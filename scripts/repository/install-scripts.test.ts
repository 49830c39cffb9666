/** No package may run code at install time; one that would like to is listed here with why it works without. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

const reviewed: Readonly<Record<string, string>> = {
  esbuild: 'its script only replaces a JavaScript launcher by the binary of the optional package it already depends on',
  fsevents: 'macOS only; ships a prebuilt binary',
};

it('install scripts are off', () => {
  assert.match(readFileSync(new URL('../../.npmrc', import.meta.url), 'utf8'), /^ignore-scripts=true$/m);
});

it('every package that would run one has been reviewed', () => {
  const wanting = Object.entries(lock.packages)
    .filter(([, entry]) => 'hasInstallScript' in entry && entry.hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  assert.deepEqual(
    wanting.filter((name) => !(name in reviewed)),
    [],
  );
});

it('every dependency is pinned exactly, and the lock file names no registry', () => {
  const versions = Object.entries(manifest.devDependencies);
  assert.ok(versions.length > 0);
  assert.deepEqual(
    versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
  );
  assert.doesNotMatch(JSON.stringify(lock.packages), /"resolved":"https?:/);
});
