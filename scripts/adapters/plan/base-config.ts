/** Reads environments/*.json as a commit has them. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseEnvironment } from '../../../environments/load.ts';
import { UsageError } from '../../core/errors.ts';
import type { ConfigFiles } from '../../core/plan/config/config-change.ts';
import type { Json } from '../../core/plan/plan.ts';
import { readVariables } from '../variables.ts';

const FOLDER = 'environments';

/**
 * Of the commit `ref`, in the repository at `root`.
 * @throws UsageError when git knows no such commit
 */
export async function readConfigAt(root: string, ref: string): Promise<ConfigFiles> {
  const commit = await resolve(root, ref);
  const listed = await git(root, 'ls-tree', '--name-only', '-z', commit, `${FOLDER}/`);
  const files = listed.split('\0').filter(isConfig);
  return byName(files, (file) => git(root, 'cat-file', 'blob', `${commit}:${file}`));
}

/** Of the working tree at `root`. */
export async function readConfigNow(root: string): Promise<ConfigFiles> {
  const files = (await readdir(join(root, FOLDER))).map((name) => `${FOLDER}/${name}`).filter(isConfig);
  return byName(files, (file) => readFile(join(root, file), 'utf8'));
}

const isConfig = (file: string): boolean => /^environments\/[^/.][^/]*\.json$/.test(file);

async function byName(files: readonly string[], read: (file: string) => Promise<string>): Promise<ConfigFiles> {
  const entries = files.map(async (file): Promise<[string, Json]> => {
    return [file.slice(FOLDER.length + 1, -'.json'.length), normalise(await read(file), file)];
  });
  return Object.fromEntries((await Promise.all(entries)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** With defaults filled in where it is an environment of today; as it stands where it is of another day or broken. */
function normalise(text: string, file: string): Json {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The other commit's file may be broken: that it changed is then all there is to say.
    return text;
  }
  try {
    return parseEnvironment(json, file) as unknown as Json;
  } catch {
    return json as Json;
  }
}

async function resolve(root: string, ref: string): Promise<string> {
  try {
    const commit = await git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
    return commit.trim();
  } catch (error) {
    throw new UsageError(
      `git knows no commit ${JSON.stringify(ref)} here. Give --base a branch, tag or commit that was fetched.`,
      error,
    );
  }
}

async function git(root: string, ...options: readonly string[]): Promise<string> {
  const env = { ...readVariables(), GIT_OPTIONAL_LOCKS: '0' };
  const { stdout } = await promisify(execFile)('git', ['-C', root, ...options], { env, maxBuffer: 16 * 2 ** 20 });
  return stdout;
}
