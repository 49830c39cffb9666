/** What the rehearsal makes of a call of npm. Pure. */
import type { Variables } from '../../../adapters/variables.ts';

export interface Plan {
  readonly action: 'link' | 'hand';
  /** What npm is given, where it runs. */
  readonly words: readonly string[];
  /** Told before. */
  readonly note?: string;
}

const CI = new Set(['ci', 'clean-install', 'ic', 'install-clean']);
const TEST = new Set(['test', 't', 'tst']);
const RUN = new Set(['run', 'run-script', 'rum', 'urn']);

/** Options of `npm ci` may change what is installed: then npm does it itself. */
export function planCommand(words: readonly string[], variables: Variables): Plan {
  const [command = '', ...rest] = words;
  if (CI.has(command) && rest.length === 0) return { action: 'link', words };
  const tests = TEST.has(command) || (RUN.has(command) && rest[0] === 'test');
  if (!tests || variables['REHEARSAL_WITH_TESTS'] === '1') return { action: 'hand', words };
  return {
    action: 'hand',
    words: ['run', 'check'],
    note: 'npm test stops after its check here; the tests themselves are not rehearsed. With them: npm run rehearse -- --with-tests',
  };
}
