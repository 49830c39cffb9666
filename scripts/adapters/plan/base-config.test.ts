/** environments/*.json of a commit and of the working tree. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UsageError } from '../../core/errors.ts';
import { configChanges } from '../../core/plan/config/config-change.ts';
import { REPOSITORY_ROOT } from '../repository-root.ts';
import { readConfigAt, readConfigNow } from './base-config.ts';

let root = '';
const git = (...options: string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...options], {
    encoding: 'utf8',
  });
const put = (name: string, text: string): Promise<void> => writeFile(join(root, 'environments', name), text);
let dev = '';

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'base-config-'));
  await mkdir(join(root, 'environments', 'schema'), { recursive: true });
  dev = await readFile(join(REPOSITORY_ROOT, 'environments', 'dev.json'), 'utf8');
  await put('dev.json', dev);
  await put('schema/x.json', '{}');
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
});
after(() => rm(root, { recursive: true, force: true }));

describe('the configuration', () => {
  it('of a commit and of the working tree are the same until something is edited', async () => {
    const [base, now] = await Promise.all([readConfigAt(root, 'HEAD'), readConfigNow(root)]);
    assert.deepEqual(Object.keys(base), ['dev'], 'environments and nothing else');
    assert.deepEqual(configChanges(base, now), []);
  });

  it('says what was edited, whatever the formatting; and broken files are no obstacle', async () => {
    await put('dev.json', JSON.stringify({ ...JSON.parse(dev), bucket: { retentionDays: 31 } }));
    await put('broken.json', '{');
    const changes = configChanges(await readConfigAt(root, 'HEAD'), await readConfigNow(root));
    assert.deepEqual(
      changes.map(({ environment, path, old, new: next }) => [environment, path, old, next]),
      [
        ['broken', '', undefined, '{'],
        ['dev', 'bucket.retentionDays', 30, 31],
      ],
    );
  });

  it('of no commit is wrong use; nor is a ref an option of git', async () => {
    await assert.rejects(readConfigAt(root, 'nowhere'), UsageError);
    await assert.rejects(readConfigAt(root, '--output=x'), UsageError);
  });
});
