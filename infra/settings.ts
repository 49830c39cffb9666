/**
 * The settings every App is made with. `npx cdk` hands cdk.json over; our own commands, and tests, don't start the CLI,
 * so it is read here too: one setting everywhere, or the same sources would give two different templates.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { App, AppProps } from 'aws-cdk-lib';
import {
  ASSET_RESOURCE_METADATA_ENABLED_CONTEXT,
  DISABLE_CREATION_STACK_TRACES,
  PATH_METADATA_ENABLE_CONTEXT,
} from 'aws-cdk-lib/cx-api';

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
    // Over the CLI's: logical ids depend on the first, the second names folders, the third paths of this machine.
    postCliContext: {
      [PATH_METADATA_ENABLE_CONTEXT]: true,
      [ASSET_RESOURCE_METADATA_ENABLED_CONTEXT]: false,
      [DISABLE_CREATION_STACK_TRACES]: true,
    },
    analyticsReporting: false,
    stackTraces: false,
    treeMetadata: false,
    // `synth()` is called where the App is made; at the end of the process it would hide an error of before.
    autoSynth: false,
  };
}

/**
 * Takes the stack traces off what constructs remember: they name paths of this machine, and an acknowledged finding
 * brings one along whatever the settings are. To be called before `synth()`.
 */
export function dropTraces(app: App): void {
  for (const { node } of app.node.findAll()) {
    for (const entry of node.metadata) Reflect.deleteProperty(entry, 'trace');
  }
}
