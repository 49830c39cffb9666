/** `npm run rehearse` as a process, with state of its own, so that it and a person's own rehearsal don't meet. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePython } from '../../adapters/emulator/python-environment.ts';
import { stateDirectory } from '../../adapters/emulator/state-dir.ts';
import { REPOSITORY_ROOT } from '../../adapters/repository-root.ts';
import type { Owner } from '../../testing/emulator.ts';
import { collect, type Ended } from '../../testing/workspace.ts';
import { ensureAct } from '../act/ensure-act.ts';

export interface Rehearsing {
  readonly run: (...args: readonly string[]) => Promise<Ended>;
  /** What rehearsals left in the folder for temporary files. */
  readonly leftOvers: () => Promise<readonly string[]>;
}

export async function withRehearsing(owner: Owner): Promise<Rehearsing> {
  const folder = await mkdtemp(join(tmpdir(), 'rehearsing-'));
  owner.after(() => rm(folder, { recursive: true, force: true }));
  // Made once for all tests.
  await Promise.all([ensurePython(), ensureAct()]);
  const shared = stateDirectory();
  await Promise.all(['python', 'act'].map((name) => symlink(join(shared, name), join(folder, name))));
  const temporary = await mkdtemp(join(folder, 'tmp-'));
  return {
    run: (...args) =>
      collect(
        spawn(process.execPath, ['--import', 'tsx', 'scripts/rehearsal/main.ts', ...args], {
          cwd: REPOSITORY_ROOT,
          env: {
            PATH: process.env['PATH'],
            HOME: folder,
            TMPDIR: temporary,
            LANG: 'C.UTF-8',
            GITOPS_STATE_DIR: folder,
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      ),
    leftOvers: async () => (await readdir(temporary)).filter((name) => name.startsWith('rehearsal-')),
  };
}
