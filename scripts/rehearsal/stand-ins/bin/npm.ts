/**
 * What npm does in a rehearsed job: packages that are installed already are linked instead of fetched, and `npm test`
 * does not run the tests within the tests. Everything else is npm itself, with its signals and its exit code.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { readVariables, requireVariables } from '../../../adapters/variables.ts';
import { GitOpsError } from '../../../core/errors.ts';
import { findProgram } from './find-program.ts';
import { lacksOfInstalled, linkPackages } from './installed-packages.ts';
import { planCommand } from './plan-command.ts';

const variables = readVariables();
const say = (line: string): boolean => process.stderr.write(`Rehearsal: ${line}\n`);

try {
  await npm(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof GitOpsError)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}

async function npm(words: readonly string[]): Promise<void> {
  const plan = planCommand(words, variables);
  if (plan.note !== undefined) say(plan.note);
  if (plan.action === 'link') {
    const { REHEARSAL_NODE_MODULES: installed } = requireVariables(['REHEARSAL_NODE_MODULES'], variables);
    const lack = await lacksOfInstalled(process.cwd(), installed);
    if (lack === undefined) {
      const count = await linkPackages(process.cwd(), installed);
      say(`${count} installed packages linked; package-lock.json is the one they were installed from.`);
      return;
    }
    say(`${lack}: npm ci installs them.`);
  }
  hand(plan.words);
}

/** npm runs as if it had been called: what ends this process ends it, and how it ends this one ends. */
function hand(words: readonly string[]): void {
  const path = variables['PATH'] ?? '';
  const others = path.split(delimiter).filter((folder) => folder !== dirname(import.meta.filename));
  const running: { npm?: ChildProcess } = {};
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const pass = (signal: NodeJS.Signals): void => void running.npm?.kill(signal);
  // Before npm starts: a signal in between would end this process alone and leave npm to nobody.
  for (const signal of signals) process.on(signal, pass);
  const child = spawn(findProgram('npm', others), words, { stdio: 'inherit' });
  running.npm = child;
  child.on('error', (error) => {
    throw error;
  });
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, pass);
    if (signal !== null) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}
