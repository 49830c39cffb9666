/** The identity of a release: what changes it, what does not, and what a hand-edited one is caught by. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareFiles, countsForDigest, digestFiles, type FileHash } from './digest.ts';
import { describeRelease, parseRelease, ReleaseUnreadableError, releaseLabel } from './release.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (path: string, content: string): FileHash => ({ path, sha256: hash(content) });

const FILES = [file('dev/manifest.json', '{}'), file('dev/environment.json', 'dev'), file('prod/manifest.json', '{}')];
const FACTS = {
  commit: 'a'.repeat(40),
  committedAt: '2026-11-23T12:00:00+01:00',
  dirty: false,
  createdAt: new Date('2026-11-23T10:00:00Z'),
  environments: [
    { name: 'dev', account: '1'.repeat(12), region: 'us-east-1', stage: 'development' as const, stacks: ['a-dev'] },
    { name: 'prod', account: '2'.repeat(12), region: 'us-east-1', stage: 'production' as const, stacks: ['a-prod'] },
  ],
  toolchain: { node: '20.20.0' },
  files: FILES,
};

describe('digestFiles', () => {
  it('is what sha256sum over the sorted list gives', () => {
    const list = `${hash('1')}  B\n${hash('2')}  a\n`;
    assert.equal(digestFiles([file('a', '2'), file('B', '1')]), hash(list));
  });

  it('does not depend on the order, and does on every path and content', () => {
    const files = fc.uniqueArray(fc.record({ path: fc.string(), sha256: fc.string() }), {
      selector: (f) => f.path,
      minLength: 1,
    });
    fc.assert(
      fc.property(files, fc.nat(), (all, seed) => {
        const index = seed % all.length;
        assert.equal(digestFiles([...all].reverse()), digestFiles(all));
        const changed = all.map((each, at) => (at === index ? { ...each, sha256: `${each.sha256}x` } : each));
        assert.notEqual(digestFiles(changed), digestFiles(all));
        assert.notEqual(digestFiles(all.toSpliced(index, 1)), digestFiles(all));
      }),
    );
  });
});

describe('countsForDigest', () => {
  for (const path of ['release.json', 'dev/.cache/x.zip', '.cache/x', 'dev/read.1.lock', 'synth.lock']) {
    it(`leaves out ${path}`, () => assert.equal(countsForDigest(path), false));
  }
  for (const path of ['dev/release.json', 'dev/asset.1/.cache/x', 'dev/asset.1/yarn.lock', 'dev/manifest.json']) {
    it(`counts ${path}`, () => assert.equal(countsForDigest(path), true));
  }
});

describe('a release', () => {
  it('has the same id whenever, wherever and from whatever commit the same files were made', () => {
    const again = describeRelease({
      ...FACTS,
      committedAt: null,
      commit: 'unknown',
      dirty: true,
      createdAt: new Date(0),
      files: [...FILES].reverse(),
    });
    assert.equal(again.id, describeRelease(FACTS).id);
  });

  it('gives an environment the digest of its own files alone', () => {
    const release = describeRelease(FACTS);
    assert.equal(release.environments['prod']?.digest, digestFiles([file('manifest.json', '{}')]));
    const other = describeRelease({ ...FACTS, files: [...FILES, file('dev/new', '')] });
    assert.equal(other.environments['prod']?.digest, release.environments['prod']?.digest);
    assert.notEqual(other.environments['dev']?.digest, release.environments['dev']?.digest);
  });

  it('is read back as it was written', () => {
    const release = describeRelease(FACTS);
    assert.deepEqual(parseRelease(JSON.stringify(release), 'release.json'), release);
  });

  it('of a later version, with keys unknown here, is still read', () => {
    const release = describeRelease(FACTS);
    assert.deepEqual(parseRelease(JSON.stringify({ ...release, later: 1 }), 'release.json'), release);
  });

  const release = describeRelease(FACTS);
  const edited: Record<string, unknown> = {
    'an id of its own': { ...release, id: hash('x') },
    'a file more': { ...release, files: [...release.files, file('dev/x', '')] },
    'a digest that is another': {
      ...release,
      environments: { ...release.environments, dev: { ...release.environments['dev'], digest: hash('x') } },
    },
    'no stage': { ...release, environments: { dev: { digest: hash('x') } } },
    'a format not known yet': { ...release, format: 2 },
  };
  for (const [what, json] of Object.entries(edited)) {
    it(`with ${what} is refused`, () => {
      assert.throws(
        () => parseRelease(JSON.stringify(json), 'cdk.out/release.json'),
        (error: unknown) => {
          assert.ok(error instanceof ReleaseUnreadableError);
          assert.match(error.message, /^cdk\.out\/release\.json is not a release: .*npm run synth$/);
          return true;
        },
      );
    });
  }

  it('cut short is refused', () => {
    assert.throws(() => parseRelease('{"format": 1', 'x'), ReleaseUnreadableError);
  });

  it('made of uncommitted changes says so in its label', () => {
    assert.match(releaseLabel({ ...release, dirty: true }), /dirty/);
    assert.doesNotMatch(releaseLabel(release), /dirty/);
    assert.match(releaseLabel({ ...release, commit: 'unknown' }), /unknown commit/);
  });
});

describe('compareFiles', () => {
  it('names what changed, is missing and was added', () => {
    const found = [file('dev/manifest.json', 'other'), file('prod/manifest.json', '{}'), file('dev/extra', '')];
    assert.deepEqual(compareFiles(FILES, found), {
      changed: ['dev/manifest.json'],
      missing: ['dev/environment.json'],
      added: ['dev/extra'],
    });
  });
});
