/** What the guardrails find in an App. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import { addGuardrails } from '../guardrails/index.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly metadata?: { readonly error?: string };
    readonly violations: readonly { readonly ruleName: string }[];
  }[];
}

/** The ids of all rules a synth of `app` was stopped or warned by, sorted; CDK reports them on stderr besides. */
export function findingsOf(app: App): string[] {
  addGuardrails(app);
  try {
    app.synth();
  } catch (error) {
    assert.equal((error as Error).name, 'ValidationFailed');
  }
  const report = JSON.parse(readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
  // A plugin that broke has found nothing, which must not pass for a clean run.
  assert.deepEqual(
    report.pluginReports.flatMap(({ metadata }) => metadata?.error ?? []),
    [],
  );
  return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName)).sort();
}
