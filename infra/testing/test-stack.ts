/** Makes stacks and templates for tests, with the settings of the real app and without bundling or writing elsewhere. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { appSettings } from '../settings.ts';
import type { EnvironmentStacksProps } from '../stacks/environment-stacks.ts';

// Validation costs seconds in each process; the tests of the guardrails and of the whole app do it where it counts.
process.env['CDK_VALIDATION'] = 'false';

export const TEST_REPOSITORY = 'example-org/example-repository';

const BUNDLE = path.join(import.meta.dirname, 'bundle');
/** A function that does nothing in the place of each real one. */
export const TEST_BUNDLES: EnvironmentStacksProps['bundles'] = { 'order-intake': BUNDLE, 'order-processing': BUNDLE };

/** What every stack of an environment is made with. */
export const stackProps = (environment: EnvironmentConfig) => ({ environment, repository: TEST_REPOSITORY });

/** An App like the real one, in a folder that goes when the process ends. */
export function testApp(): App {
  const outdir = mkdtempSync(path.join(tmpdir(), 'trading-platform-test-app-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  return new App(appSettings(outdir));
}

/** The template of a stack that holds what `add` puts into it: for constructs. */
export function testStack(add: (stack: Stack) => void): Template {
  const stack = new Stack(testApp(), 'Test', { env: { account: '111122223333', region: 'eu-west-1' } });
  add(stack);
  return Template.fromStack(stack);
}
