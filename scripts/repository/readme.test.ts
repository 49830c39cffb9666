/** Every command the README shows exists and takes the options shown; its test command is what CI runs. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };

const run = promisify(execFile);
const root = resolve(fileURLToPath(import.meta.url), '../../..');
const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
const scripts: Readonly<Record<string, string>> = manifest.scripts;

/** `npm run verb -- args` and `npm verb`, in code blocks and in the text. */
const commands = [...readme.matchAll(/npm (?:run )?([a-z:]+)(?: -- ([^`\n]+))?/g)]
  .map(([, verb = '', args = '']) => ({ verb, args }))
  .filter(({ verb }) => verb !== 'ci');

describe('README', () => {
  it('shows the two commands of a newcomer, and CI runs the second and nothing else', () => {
    assert.match(readme, /^npm ci && npm start$/m);
    assert.match(readme, /^npm ci && npm test$/m);
    const ci = readFileSync(resolve(root, '.ci/run'), 'utf8');
    const lines = ci.split('\n').filter((line) => line.trim() !== '' && !/^#|^set |^cd /.test(line));
    assert.deepEqual(lines, ['npm ci && npm test']);
  });

  for (const verb of new Set(commands.map((command) => command.verb))) {
    it(`npm run ${verb}: exists, with every option shown`, async () => {
      const script = scripts[verb];
      assert.ok(script, `package.json has no script "${verb}"`);
      const options = commands
        .filter((command) => command.verb === verb)
        .flatMap(({ args }) => [...args.matchAll(/--[a-z-]+/g)].map(([option]) => option));
      if (options.length === 0) return;
      const entry = script.replace(/^tsx /, '');
      const { stdout } = await run(process.execPath, ['--import', 'tsx', resolve(root, entry), '--help']);
      for (const option of options) assert.match(stdout, new RegExp(`${option}\\b`));
    });
  }

  it('names every verb of its table, and they exist', () => {
    const table = [...readme.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-z]+)`/g)].map(([, verb = '']) => verb),
    );
    assert.ok(table.length > 8);
    assert.deepEqual(
      table.filter((verb) => !existsSync(resolve(root, `scripts/commands/${verb}/main.ts`))),
      [],
    );
  });

  it('names folders and files that exist', () => {
    const tree = [...readme.matchAll(/^([a-z.]+\/(?:[a-z]+\/)*)\s+[A-Z]{3,}/gm)].map(([, folder = '']) => folder);
    assert.ok(tree.length >= 6);
    assert.deepEqual(
      tree.filter((folder) => !existsSync(resolve(root, folder))),
      [],
    );
  });
});
