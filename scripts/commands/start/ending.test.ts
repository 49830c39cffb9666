/** What `npm start` ends with. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeRelease } from '../../core/release/release.ts';
import type { EnvironmentPromotion } from '../../operations/promotion-result.ts';
import { type Ending, renderEnding, type StartedEnvironment } from './ending.ts';

const release = describeRelease({
  commit: 'c'.repeat(40),
  committedAt: null,
  dirty: false,
  createdAt: new Date(0),
  toolchain: {},
  environments: [{ name: 'dev', account: '123456789012', region: 'us-east-1', stage: 'development', stacks: [] }],
  files: [{ path: 'dev/manifest.json', sha256: 'a'.repeat(64) }],
});

const started = (
  environment: string,
  over: Partial<EnvironmentPromotion> = {},
  rest: Partial<StartedEnvironment> = {},
): StartedEnvironment => ({
  result: {
    environment,
    outcome: 'validated',
    exitCode: 0,
    message: `${environment} holds it`,
    details: [],
    stacks: [],
    counts: { pass: 7, fail: 0, unknown: 2 },
    checks: [],
    rollback: null,
    ...over,
  },
  authorization: 'NONE',
  url: `http://127.0.0.1:4566/${environment}`,
  ...rest,
});

const ending = (...environments: StartedEnvironment[]): Ending => ({
  release,
  criticalPath: { steps: [], milliseconds: 0 },
  environments,
});

describe('the last line', () => {
  it('posts an order to the first environment that takes unsigned ones', () => {
    const signed = started('locked', {}, { authorization: 'AWS_IAM' });
    const lines = renderEnding(ending(signed, started('dev'))).split('\n');
    assert.match(lines.at(-1) ?? '', /^curl -i -X POST http:\/\/127\.0\.0\.1:4566\/dev\/orders -H "Content-Type: /);
  });

  it('is no curl line where nothing would take the order', () => {
    const failed = started('dev', { outcome: 'failed', message: 'a stack failed', details: ['fail: x'] });
    const text = renderEnding(ending(failed, started('prod', {}, { authorization: 'AWS_IAM' })));
    assert.doesNotMatch(text, /curl/);
    assert.match(text, /dev: a stack failed\n {2}fail: x/);
  });
});

describe('the table', () => {
  it('tells checks passed and unknown apart', () => {
    assert.match(renderEnding(ending(started('dev'))), /│ dev +│ validated +│ [0-9a-f]{12} │ 0 +│ 7 passed, 2 unknown/);
  });

  it('shows no release where it does not stand, and "as before" where nothing was done', () => {
    const text = renderEnding(
      ending(
        started('dev', { outcome: 'nothing-to-do', counts: null }),
        started('prod', { outcome: 'not-started', counts: null }),
      ),
    );
    assert.match(text, /│ dev +│ validated +│ [0-9a-f]{12} │ unchanged │ as before/);
    assert.match(text, /│ prod +│ not-started │ - +│ 0 +│ - /);
  });
});
