/**
 * Bundles the functions once, into ready folders that become assets of every environment.
 *
 * The same sources give the same bytes on any machine and path: source maps name files relative to an output folder
 * inside the repository, whatever folder the bundles are written to.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/** Each is `lambdas/<name>/handler.ts`, exporting `handler`. */
export const FUNCTIONS = ['order-intake', 'order-processing'] as const;
export type Bundles = Readonly<Record<(typeof FUNCTIONS)[number], string>>;

const REPOSITORY = path.dirname(import.meta.dirname);

/**
 * @param folder gets one folder per function, each with `index.js` and `index.js.map`
 * @param repository where `lambdas` and `node_modules` are
 * @returns the folder of each function
 * @throws esbuild's BuildFailure when the sources don't compile
 */
export async function bundleFunctions(folder: string, repository: string = REPOSITORY): Promise<Bundles> {
  const { outputFiles } = await build({
    absWorkingDir: repository,
    entryPoints: FUNCTIONS.map((name) => ({ in: `lambdas/${name}/handler.ts`, out: `${name}/index` })),
    outdir: 'bundles',
    write: false,
    bundle: true,
    minify: true,
    // Errors are told apart by name, and read by people.
    keepNames: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    // The oldest Node the functions meet: emulated accounts run them with the machine's own.
    target: 'node20',
    // A linked node_modules would show up in the source maps as the path it leads to.
    preserveSymlinks: true,
    tsconfigRaw: {},
    logLevel: 'silent',
  });
  await Promise.all(
    outputFiles.map(async ({ path: file, contents }) => {
      const target = path.join(folder, path.relative(path.join(repository, 'bundles'), file));
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, contents);
    }),
  );
  return Object.fromEntries(FUNCTIONS.map((name) => [name, path.join(folder, name)])) as Record<
    (typeof FUNCTIONS)[number],
    string
  >;
}
