/** The CDK app. What it makes is said in synthesis.ts; what people can mend is said here, without a stack. */
import { loadEnvironments } from '../environments/load.ts';
import { exitCodeOf, synthesize } from './synthesis.ts';

try {
  await synthesize(loadEnvironments(), process.env);
} catch (error) {
  const exitCode = exitCodeOf(error);
  if (exitCode === undefined) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = exitCode;
}
