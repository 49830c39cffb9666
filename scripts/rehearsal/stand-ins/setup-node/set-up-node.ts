/** Refuses what the action refuses, and says which node runs instead of the one that was asked for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { requireVariables } from '../../../adapters/variables.ts';
import { ActionRefusedError, type Inputs, refuseUnplayed, type Step, textInput } from '../shared/step.ts';
import { compareVersions, versionAsked } from './node-version.ts';

/** What each package manager is known by. Source: src/cache-utils.ts of actions/setup-node v7.0.0. */
const LOCK_FILES: Readonly<Record<string, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
};

/** @throws ActionRefusedError, NotRehearsedError; MissingVariablesError outside a job */
export async function setUpNode(step: Step): Promise<void> {
  const { inputs } = step;
  refuseUnplayed(inputs, {
    'registry-url': '',
    scope: '',
    'cache-dependency-path': '',
    mirror: '',
    'mirror-token': '',
  });
  const { GITHUB_WORKSPACE: workspace } = requireVariables(['GITHUB_WORKSPACE'], step.variables);
  const version = process.version;
  const asked = askedFor(step, workspace);
  if (textInput(inputs, 'architecture') !== '' && asked === '') {
    step.warn('architecture is given and no version: neither is changed.');
  }
  if (asked !== '') tellVersion(step, asked, version);
  step.setOutput('node-version', version);
  const manager = cachedFor(inputs, workspace);
  if (manager === undefined) return;
  requireLockFile(manager, workspace);
  step.say(`Packages of ${manager} are not cached in a rehearsal.`);
  step.setOutput('cache-hit', 'false');
}

function askedFor(step: Step, workspace: string): string {
  const version = textInput(step.inputs, 'node-version');
  const file = textInput(step.inputs, 'node-version-file');
  if (version !== '' && file !== '') step.warn('Of node-version and node-version-file only the first counts.');
  if (version !== '' || file === '') return version;
  const path = join(workspace, file);
  if (!existsSync(path)) {
    throw new ActionRefusedError(`The input node-version-file names ${path}, which is not there. Check out first.`);
  }
  const asked = versionAsked(readFileSync(path, 'utf8'));
  if (asked === undefined) step.warn(`${file} asks for no version of Node.`);
  return asked ?? '';
}

function tellVersion(step: Step, asked: string, version: string): void {
  const verdict = compareVersions(asked, version);
  if (verdict === 'same') {
    step.say(`Node ${asked} is asked for, and this machine has ${version}.`);
    return;
  }
  const difference = verdict === 'different' ? 'another one' : 'which may be another one';
  step.notice(`Node ${asked} is asked for. This rehearsal runs on the machine's ${version}, ${difference}.`);
}

const manifest = z.object({
  packageManager: z.unknown(),
  devEngines: z.object({ packageManager: z.unknown() }).optional(),
});
const named = z.object({ name: z.string() });

/** @throws ActionRefusedError for a package manager the action does not know */
function cachedFor(inputs: Inputs, workspace: string): string | undefined {
  const cache = textInput(inputs, 'cache');
  if (cache !== '') {
    if (LOCK_FILES[cache] !== undefined) return cache;
    const known = Object.keys(LOCK_FILES).sort().join(', ');
    throw new ActionRefusedError(`The input cache is ${JSON.stringify(cache)}; allowed: ${known}.`);
  }
  const automatic = (textInput(inputs, 'package-manager-cache') || 'true').toLowerCase() === 'true';
  return automatic && namesNpm(workspace) ? 'npm' : undefined;
}

/** For npm alone the action caches by itself. */
function namesNpm(workspace: string): boolean {
  const path = join(workspace, 'package.json');
  if (!existsSync(path)) return false;
  const read = manifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  const names = [read?.devEngines?.packageManager].flat().map((entry) => named.safeParse(entry).data?.name ?? '');
  const top = typeof read?.packageManager === 'string' ? read.packageManager : '';
  return [...names, top].some((name) => /^\^?npm(@.*)?$/.test(name));
}

function requireLockFile(manager: string, workspace: string): void {
  const files = LOCK_FILES[manager] ?? [];
  const there = readdirSync(workspace);
  if (files.some((file) => there.includes(file))) return;
  throw new ActionRefusedError(`A cache for ${manager} needs a lock file in ${workspace}: ${files.join(', ')}.`);
}
