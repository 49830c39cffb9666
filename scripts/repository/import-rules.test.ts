/** The import rules hold for every file, and the check itself notices a forbidden import. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ImportLine, judgeImport } from './import-rules.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const specifier =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|import\(\s*'([^']+)'\s*\)/g;

function sourceFiles(): string[] {
  return ['environments', 'infra', 'lambdas', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => posix.join(folder, file)),
  );
}

function importsOf(file: string): ImportLine[] {
  return [...readFileSync(join(root, file), 'utf8').matchAll(specifier)].map((match) => {
    const to = match[1] ?? match[2] ?? match[3] ?? '';
    return { from: file, to: to.startsWith('.') ? posix.join(dirname(file), to) : to };
  });
}

describe('import rules', () => {
  it('hold for every source file', () => {
    const lines = sourceFiles().flatMap(importsOf);
    assert.ok(lines.length > 100, `only ${lines.length} imports were found: the scan is broken`);
    assert.deepEqual(
      lines.map(judgeImport).filter((problem) => problem !== undefined),
      [],
    );
  });

  const forbidden: readonly ImportLine[] = [
    { from: 'environments/load.ts', to: 'infra/bundle.ts' },
    { from: 'infra/stacks/vpc-stack.ts', to: 'scripts/core/check.ts' },
    { from: 'infra/stacks/vpc-stack.ts', to: 'lambdas/order-intake/handler.ts' },
    { from: 'infra/constructs/queue.ts', to: 'environments/environment-config.ts' },
    { from: 'lambdas/order-intake/handler.ts', to: 'lambdas/order-processing/handler.ts' },
    { from: 'lambdas/order-intake/handler.ts', to: 'environments/naming.ts' },
    { from: 'scripts/core/check.ts', to: '@aws-sdk/client-ssm' },
    { from: 'scripts/core/check.ts', to: 'node:fs' },
    { from: 'scripts/core/check.ts', to: 'scripts/adapters/target.ts' },
    { from: 'scripts/adapters/target.ts', to: 'scripts/commands/synth/run.ts' },
    { from: 'scripts/adapters/target.ts', to: 'infra/bundle.ts' },
    { from: 'scripts/operations/deploy-environment.ts', to: 'scripts/commands/deploy/run.ts' },
    { from: 'scripts/commands/deploy/run.ts', to: 'scripts/commands/validate/run.ts' },
    { from: 'scripts/commands/deploy/run.ts', to: 'infra/app.ts' },
    { from: 'scripts/commands/deploy/run.ts', to: 'scripts/testing/emulator.ts' },
    { from: 'scripts/rehearsal/main.ts', to: 'infra/app.ts' },
    { from: 'scripts/rehearsal/main.ts', to: 'lambdas/order-intake/handler.ts' },
    { from: 'scripts/rehearsal/main.ts', to: 'scripts/commands/promote/run.ts' },
    { from: 'scripts/rehearsal/main.ts', to: 'scripts/repository/import-rules.ts' },
    { from: 'scripts/rehearsal/main.ts', to: 'infra/testing/fleet.ts' },
    { from: 'scripts/commands/rehearse/main.ts', to: 'scripts/rehearsal/main.ts' },
    { from: 'scripts/operations/promote.ts', to: 'scripts/rehearsal/world.ts' },
    { from: 'scripts/adapters/target.ts', to: 'scripts/rehearsal/world.ts' },
    { from: 'scripts/core/check.ts', to: 'scripts/rehearsal/timeline.ts' },
    { from: 'scripts/testing/emulator.ts', to: 'scripts/rehearsal/world.ts' },
    { from: 'scripts/repository/readme.test.ts', to: 'scripts/rehearsal/timeline.ts' },
    { from: 'tools/x.ts', to: 'node:fs' },
  ];
  const allowed: readonly ImportLine[] = [
    { from: 'scripts/rehearsal/main.ts', to: 'scripts/testing/emulator.ts' },
    { from: 'scripts/rehearsal/oidc/issuer.ts', to: 'jose' },
    { from: 'scripts/rehearsal/main.ts', to: 'scripts/operations/promote.ts' },
  ];
  for (const line of allowed) {
    it(`allow ${line.from} → ${line.to}`, () => assert.equal(judgeImport(line), undefined));
  }
  for (const line of forbidden) {
    it(`refuse ${line.from} → ${line.to}`, () => assert.notEqual(judgeImport(line), undefined));
  }
});

describe('no pure file knows the time or the process', () => {
  for (const file of sourceFiles().filter((name) => name.startsWith('scripts/core/') && !name.endsWith('.test.ts'))) {
    it(file, () => {
      const code = readFileSync(join(root, file), 'utf8');
      assert.doesNotMatch(
        code,
        /process\.(env|cwd|exit)|Date\.now\(|new Date\(\)|DateTime\.(now|local|utc)\(\)|Math\.random\(|console\./,
      );
    });
  }
});
