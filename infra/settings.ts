/**
 * The settings every App is made with. `npx cdk` hands cdk.json over; our own commands, and tests, don't start the CLI,
 * so it is read here too: one setting everywhere, or the same sources would give two different templates.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AppProps } from 'aws-cdk-lib';
import { PATH_METADATA_ENABLE_CONTEXT } from 'aws-cdk-lib/cx-api';

interface CdkJson {
  readonly context: Readonly<Record<string, unknown>>;
}

const CDK_JSON = path.join(path.dirname(import.meta.dirname), 'cdk.json');

/**
 * @param outdir where the assembly goes; by default CDK's choice
 */
export function appSettings(outdir?: string): AppProps {
  const { context } = JSON.parse(readFileSync(CDK_JSON, 'utf8')) as CdkJson;
  return {
    outdir,
    context,
    // Over the CLI's: logical ids depend on the first, and the rest would name this machine or the CLI in templates.
    postCliContext: {
      [PATH_METADATA_ENABLE_CONTEXT]: true,
      'aws:cdk:enable-asset-metadata': false,
    },
    analyticsReporting: false,
    stackTraces: false,
    treeMetadata: false,
    // `synth()` is called where the App is made; at the end of the process it would hide an error of before.
    autoSynth: false,
  };
}
