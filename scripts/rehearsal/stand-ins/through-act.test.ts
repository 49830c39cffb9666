/** Every stand-in once in a workflow that act runs, with the controller and the issuer of the rehearsal. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, it } from 'node:test';
import { writeAccount } from '../../adapters/emulator/account-state.ts';
import { readWorkflowFiles } from '../../repository/workflows/workflow-files.ts';
import { ensureAct } from '../act/ensure-act.ts';
import type { ActEvent } from '../act/log.ts';
import { runWorkflow } from '../act/run-workflow.ts';
import { Controller } from '../controller.ts';
import { git } from '../git-host.ts';
import { startIssuer } from '../oidc/issuer.ts';
import { sampleJob } from '../oidc/sample-job.ts';
import { localRepositories, usedActions } from './local-repositories.ts';
import { startFakeSts } from './testing/fake-sts.ts';

const here = import.meta.dirname;
const ACCOUNT = '123456789012';
const root = await mkdtemp(join(tmpdir(), 'through-act-'));
after(() => rm(root, { recursive: true, force: true }));

/** With the commits our own workflows pin. */
async function workflow(): Promise<string> {
  const pins = new Map(
    [...readWorkflowFiles().values()].flatMap(usedActions).map(({ repository, ref }) => [repository, ref]),
  );
  const text = await readFile(join(here, 'testing', 'every-stand-in.yml'), 'utf8');
  return text.replaceAll(/(uses: (\S+))@pinned/g, (_, uses: string, name: string) => `${uses}@${pins.get(name)}`);
}

/** A project without packages, with a merge commit of a pull request, and the bare repository that has it. */
async function repository(text: string): Promise<{ folder: string; remote: string; merge: string; base: string }> {
  const [folder, remote] = [join(root, 'repository'), join(root, 'remote.git')];
  await mkdir(join(folder, '.github', 'workflows'), { recursive: true });
  await writeFile(join(folder, '.github', 'workflows', 'every.yml'), text);
  await writeFile(join(folder, 'package.json'), '{}');
  await writeFile(join(folder, 'package-lock.json'), '{"packages":{"":{}}}');
  await writeFile(join(folder, '.nvmrc'), '4\n');
  await writeFile(join(folder, '.gitignore'), 'node_modules/\ncdk.out/\n');
  await git(root, 'init', '--quiet', '--bare', remote);
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  const commit = async (message: string): Promise<void> => {
    await git(folder, 'add', '--all');
    await git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  };
  await commit('base');
  const base = (await git(folder, 'rev-parse', 'HEAD')).trim();
  await git(folder, 'checkout', '--quiet', '-b', 'topic');
  await commit('change');
  await git(folder, 'checkout', '--quiet', 'main');
  await git(folder, 'merge', '--quiet', '--no-ff', '--no-edit', 'topic');
  const merge = (await git(folder, 'rev-parse', 'HEAD')).trim();
  await git(folder, 'push', '--quiet', remote, `${base}:refs/heads/main`, `${merge}:refs/pull/7/merge`);
  return { folder, remote, merge, base };
}

/** Packages that are installed, from the lock file of the project. */
async function installation(): Promise<string> {
  const folder = join(root, 'installed', 'node_modules');
  await mkdir(join(folder, 'something'), { recursive: true });
  await writeFile(join(folder, '.package-lock.json'), '{}');
  await writeFile(join(folder, '..', 'package-lock.json'), '{"packages":{"":{}}}');
  return folder;
}

it('all stand-ins play together', { timeout: 300_000 }, async () => {
  const text = await workflow();
  const [{ folder, remote, merge, base }, installed] = await Promise.all([repository(text), installation()]);
  const [act, controller, issuer, sts] = await Promise.all([
    ensureAct(),
    Controller.start(),
    startIssuer(),
    startFakeSts(ACCOUNT),
  ]);
  after(async () => {
    sts.close();
    await Promise.all([controller.close(), issuer.close()]);
  });
  const { endpoint, port } = sts;
  const record = { account: ACCOUNT, endpoint, port, pid: 1, startedAt: 'x', instance: 'x', environments: ['dev'] };
  await writeAccount({ ...record, signedBy: 'environment' }, join(root, 'state'));

  const { requestUrl, requestToken } = issuer.grant(sampleJob());
  const token = { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
  const events: ActEvent[] = [];
  const succeeded = await runWorkflow(
    {
      act,
      directory: folder,
      workflow: '.github/workflows/every.yml',
      event: 'pull_request',
      payload: { number: 7, pull_request: { number: 7, head: { ref: 'topic' }, base: { ref: 'main' } } },
      actor: 'alice',
      standIns: localRepositories([text], here),
      path: [join(here, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
      variables: {
        GITHUB_REPOSITORY: 'acme/trading',
        GITOPS_STATE_DIR: join(root, 'state'),
        REHEARSAL_NODE: process.execPath,
        REHEARSAL_LOADER: import.meta.resolve('tsx'),
        REHEARSAL_STAND_INS: here,
        REHEARSAL_CONTROLLER: controller.endpoint,
        REHEARSAL_ARTIFACTS: join(root, 'artifacts'),
        REHEARSAL_REMOTE: remote,
        REHEARSAL_NODE_MODULES: installed,
      },
      repositoryVariables: {},
      token: 'job-token',
      scratch: join(root, 'scratch'),
      logFile: join(root, 'act.log'),
    },
    {
      signal: AbortSignal.timeout(240_000),
      onEvent: (event) => {
        events.push(event);
        // The second job alone may ask for a token.
        controller.hear(event, async ({ jobId }) => ({ allowed: true, variables: jobId === 'use' ? token : {} }));
      },
    },
  );
  const said = events.filter((event) => event.type === 'said').map((event) => event.text);
  const annotated = events.filter((event) => event.type === 'annotation').map((event) => event.text);
  assert.ok(succeeded, await readFile(join(root, 'act.log'), 'utf8'));
  for (const line of [
    `commit ${merge}`,
    `parent ${base}`,
    'files ./dev/status ./release.json ',
    'status ',
    'second upload failure',
    'region us-east-1, session 9',
  ]) {
    assert.ok(said.includes(line), `${JSON.stringify(line)} was not said: ${said.join('\n')}`);
  }
  assert.match(said.join('\n'), /1 installed packages linked/);
  assert.match(annotated.join('\n'), /Node 4 is asked for.*\(409\) Conflict.*Nothing is signed/s);
  assert.match(sts.asked[0]?.call.get('WebIdentityToken') ?? '', /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.doesNotMatch(said.join('\n'), /secret-2|session-2/);
});
