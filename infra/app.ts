/** The CDK app. What it makes is said in synthesis.ts; a wrong configuration or request is said here, without a stack. */
import { loadEnvironments } from '../environments/load.ts';
import { synthesize } from './synthesis.ts';

try {
  await synthesize(loadEnvironments(), process.env);
} catch (error) {
  if (!(error instanceof Error && 'exitCode' in error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = Number(error.exitCode);
}
