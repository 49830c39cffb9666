/**
 * Runs the CDK app, `infra/app.ts`, as a process of its own: the contract between it and us is the assembly on disk.
 */
import { spawn } from 'node:child_process';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import { plainText } from '../reporter/text.ts';
import { readVariables, type Variables } from '../variables.ts';

export interface SynthesizeInput {
  /** The repository's root. */
  readonly root: string;
  /** Where the app writes. */
  readonly outdir: string;
  /** Context values beside those of cdk.json, which the app reads itself: `{ env: 'all' }`. */
  readonly context: Readonly<Record<string, string>>;
  /** Variables beside those of this process: `CDK_DEFAULT_ACCOUNT`. */
  readonly variables?: Variables;
  /** Ends the app when aborted. */
  readonly signal?: AbortSignal;
}

/** Thrown when the app ends with an error: a guardrail, a validation, a mistake in `infra`. Carries what it printed. */
export class SynthFailedError extends GitOpsError {
  constructor(output: string, exitCode: number | null) {
    super(`The CDK app failed${exitCode === null ? '' : ` with exit code ${exitCode}`}:\n${output}`, {
      code: 'SYNTH_FAILED',
      source: 'user',
      // The app's own code for wrong configuration; everything else of it is a failure.
      exitCode: exitCode === EXIT.usage ? EXIT.usage : EXIT.failed,
    });
  }
}

/** @returns what the app printed besides: warnings of the CDK. @throws SynthFailedError */
export async function synthesize(input: SynthesizeInput): Promise<string> {
  const { root, outdir, context, variables = {}, signal } = input;
  const app = spawn(process.execPath, ['--import', 'tsx', 'infra/app.ts'], {
    cwd: root,
    env: { ...readVariables(), ...variables, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const printed: string[] = [];
  for (const stream of [app.stdout, app.stderr]) stream.setEncoding('utf8').on('data', (text) => printed.push(text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    app.on('error', reject);
    app.on('close', resolve);
  });
  const output = plainText(printed.join('')).trim();
  if (exitCode !== EXIT.done) throw new SynthFailedError(output, exitCode);
  return output;
}
