/**
 * A release as one archive: a gzipped tar of exactly the files that `release.json` lists, and of itself. The same release
 * gives the same bytes wherever it is packed; what is unpacked can't reach outside its folder.
 */
import { create, extract, list, type Parser } from 'tar';
import type { Release } from '../../core/release/release.ts';
import { RELEASE_FILE } from '../release/release-directory.ts';

const FILE_MODE = 0o644;

/** Thrown for an entry that no release of ours has. */
export class UnsafeArchiveError extends Error {
  constructor(entry: string, why: string) {
    super(`its entry ${JSON.stringify(entry)} is ${why}`);
    this.name = 'UnsafeArchiveError';
  }
}

/** @throws Error when a listed file is missing */
export async function packRelease(folder: string, { files }: Pick<Release, 'files'>): Promise<Buffer> {
  const paths = [RELEASE_FILE, ...files.map(({ path }) => path)];
  const archive = create(
    {
      cwd: folder,
      strict: true,
      // Neither owner nor times nor the umask of whoever packs.
      portable: true,
      mtime: new Date(0),
      gzip: { level: 9 },
      noDirRecurse: true,
      onWriteEntry: (entry) => {
        if (entry.stat !== undefined) entry.stat.mode = FILE_MODE;
      },
    },
    // A name with @ in front would be read as an archive to add.
    paths.map((path) => `./${path}`),
  );
  // Not by iterating: that listens for errors only while it waits, and an error in between would end the process.
  return await archive.concat();
}

/**
 * Unpacks into a folder that exists and is empty. The whole archive is looked through first: a bad one leaves nothing there.
 * @throws UnsafeArchiveError for anything but plain files below the folder; Error for what is no gzipped tar, or cut
 */
export async function unpackRelease(archive: Buffer, folder: string): Promise<void> {
  await inspect(archive);
  await feed(extract({ cwd: folder, strict: true, preserveOwner: false }), archive);
}

async function inspect(archive: Buffer): Promise<void> {
  let unsafe: UnsafeArchiveError | undefined;
  let files = 0;
  const look = list({
    strict: true,
    onReadEntry: ({ path, type }) => {
      files += 1;
      const why = whyUnsafe(path, type);
      if (why !== undefined) unsafe ??= new UnsafeArchiveError(path, why);
    },
  });
  await feed(look, archive);
  if (unsafe !== undefined) throw unsafe;
  if (files === 0) throw new Error('it is empty');
}

/**
 * Gives a parser the whole archive; done when the last entry is. `pipeline` would stop listening at the first error, and
 * a damaged archive has more than one.
 */
function feed(parser: Parser, archive: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.on('error', reject);
    parser.on('close', resolve);
    parser.end(archive);
  });
}

function whyUnsafe(path: string, type: string): string | undefined {
  if (type !== 'File' && type !== 'OldFile') return `a ${type}, and a release has plain files only`;
  if (path.startsWith('/') || path.includes('\\') || path.split('/').includes('..')) return 'outside its folder';
  return undefined;
}
