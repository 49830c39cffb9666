/** The configuration looked at, in folders like this repository. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import type { Check } from '../../core/check.ts';
import { examineConfiguration } from './examine-configuration.ts';

const lines = (checks: readonly Check[], status: Check['status']): string[] =>
  checks.filter((check) => check.status === status).map(({ id, subject, detail }) => `${id} ${subject}: ${detail}`);

describe('the configuration', () => {
  /** A root like this repository's. */
  async function examine(change: (root: string) => void, local = false) {
    const root = mkdtempSync(join(tmpdir(), 'gitops-doctor-'));
    try {
      mkdirSync(join(root, '.github'));
      for (const name of ['cdk.json', '.github/CODEOWNERS']) cpSync(join(REPOSITORY_ROOT, name), join(root, name));
      for (const name of ['dev.json', 'staging.json', 'prod.json', 'reviewers', 'waivers']) {
        cpSync(join(REPOSITORY_ROOT, 'environments', name), join(root, 'environments', name), { recursive: true });
      }
      change(root);
      return await examineConfiguration({ root, local, today: new Date('2026-11-23') });
    } finally {
      rmSync(root, { recursive: true });
    }
  }

  it('names the placeholders it is shipped with; --local needs none replaced', async () => {
    const { checks, environments } = await examine(() => {});
    assert.equal(environments?.length, 3);
    const found = lines(checks, 'fail').join('\n');
    for (const file of [
      'cdk.json',
      '.github/CODEOWNERS',
      'environments/reviewers/github.json',
      'environments/dev.json',
    ]) {
      assert.ok(found.includes(`configuration.placeholder ${file}`), file);
    }
    const local = await examine(() => {}, true);
    assert.deepEqual(lines(local.checks, 'fail'), []);
    assert.match(lines(local.checks, 'unknown').join(), /^configuration\.placeholder .*--local/);
  });

  it('says that the order of promotion has more waves than promote.yml has jobs', async () => {
    const chain = ['dev', 'staging', 'prod', 'fourth', 'fifth', 'sixth'];
    const { checks } = await examine((root) => {
      const file = (name: string) => join(root, 'environments', `${name}.json`);
      const prod = JSON.parse(readFileSync(file('prod'), 'utf8'));
      for (const [index, name] of chain.entries()) {
        if (index < 3) continue;
        const network = { ...prod.network, cidr: `10.${100 + index}.0.0/16` };
        const more = { ...prod, name, network, promotion: { ...prod.promotion, after: chain[index - 1] } };
        writeFileSync(file(name), JSON.stringify(more));
      }
    }, true);
    const found = lines(checks, 'fail');
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', /^configuration\.waves promotion\.after: .*6 waves .*prod → fourth → fifth → sixth/);
  });

  it('says what is wrong in environments, reviewers and waivers, in the loaders’ own words', async () => {
    const write = (name: string, text: string) => (root: string) =>
      writeFileSync(join(root, 'environments', name), text);
    const table: readonly [(root: string) => void, RegExp][] = [
      [write('dev.json', '{'), /configuration\.environments .*dev\.json/s],
      [write('reviewers/github.json', '{"approvers": []}'), /configuration\.reviewers .*a list of 1 to 6/s],
      [write('waivers/drift.json', '{"waivers": 1}'), /configuration\.waivers .*waivers: found 1/s],
    ];
    for (const [change, finding] of table) {
      const { checks } = await examine(change, true);
      const found = lines(checks, 'fail');
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', finding);
    }
  });
});
