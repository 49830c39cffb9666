import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import { bundleFunctions, FUNCTIONS } from './bundle.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'trading-platform-bundle-test-'));
after(() => rmSync(folder, { recursive: true }));

it('makes a folder per function, with the code and its source map', async () => {
  const bundles = await bundleFunctions(path.join(folder, 'real'));
  assert.deepEqual(Object.keys(bundles).sort(), [...FUNCTIONS].sort());
  for (const bundle of Object.values(bundles))
    assert.deepEqual(readdirSync(bundle).sort(), ['index.js', 'index.js.map']);
});

it('puts the AWS SDK and all else inside: the code loads where there is no node_modules', async () => {
  const bundles = await bundleFunctions(path.join(folder, 'alone'));
  const environment = {
    ENVIRONMENT: 'test',
    TABLE_NAME: 't',
    QUEUE_URL: 'q',
    BUCKET_NAME: 'b',
    AWS_REGION: 'eu-west-1',
  };
  for (const bundle of Object.values(bundles)) {
    const code = `process.exit(typeof require(${JSON.stringify(path.join(bundle, 'index.js'))}).handler === 'function' ? 0 : 9)`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', code], { env: environment, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }
});

it('keeps the code of functions below a few megabytes: they load it at each cold start', async () => {
  const bundles = await bundleFunctions(path.join(folder, 'size'));
  for (const bundle of Object.values(bundles)) {
    const bytes = statSync(path.join(bundle, 'index.js')).size;
    assert.ok(bytes > 1_000 && bytes < 3_000_000, `${bundle}: ${bytes} bytes`);
  }
});

/** A small repository with both functions, in a folder of its own. */
function makeRepository(name: string): string {
  const repository = path.join(folder, name);
  for (const fn of FUNCTIONS) {
    const source = path.join(repository, 'lambdas', fn);
    mkdirSync(source, { recursive: true });
    writeFileSync(path.join(source, 'handler.ts'), FAILING_HANDLER);
  }
  return repository;
}

const FAILING_HANDLER = `// The first line, which minifying takes away.
class OrderLostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
export const handler = async (): Promise<never> => {
  throw new OrderLostError('lost');
};
`;

it('gives the same bytes wherever the repository and the output are', async () => {
  const one = await bundleFunctions(path.join(folder, 'out-one'), makeRepository('one'));
  const other = await bundleFunctions(path.join(folder, 'deeper', 'out-other'), makeRepository('another/place'));
  for (const fn of FUNCTIONS) {
    for (const file of ['index.js', 'index.js.map']) {
      assert.deepEqual(
        readFileSync(path.join(one[fn], file)),
        readFileSync(path.join(other[fn], file)),
        `${fn}/${file}`,
      );
    }
  }
});

it('lets an error keep its name and point at the source, without carrying the source', async () => {
  const bundles = await bundleFunctions(path.join(folder, 'map'), makeRepository('mapped'));
  const map = JSON.parse(readFileSync(path.join(bundles['order-intake'], 'index.js.map'), 'utf8'));
  assert.deepEqual([map.sources, map.sourcesContent], [['../../lambdas/order-intake/handler.ts'], undefined]);

  const code = `require(${JSON.stringify(bundles['order-intake'])}).handler().catch((e) => console.log(e.name, e.stack))`;
  const { stdout } = spawnSync(process.execPath, ['--enable-source-maps', '-e', code], { encoding: 'utf8' });
  assert.match(stdout, /^OrderLostError [\s\S]*lambdas\/order-intake\/handler\.ts:9:9/);
});

it('fails on sources that do not compile', async () => {
  const repository = makeRepository('broken');
  writeFileSync(path.join(repository, 'lambdas', 'order-intake', 'handler.ts'), "import './missing.ts';");
  await assert.rejects(bundleFunctions(path.join(folder, 'never'), repository), /missing\.ts/);
});
