/** The app as it is started, by our commands and by the CDK CLI: in processes of its own, without credentials. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { COMPONENTS, stackName } from '../environments/naming.ts';

const REPOSITORY = path.dirname(import.meta.dirname);
const folder = mkdtempSync(path.join(tmpdir(), 'trading-platform-synthesis-test-'));
after(() => rmSync(folder, { recursive: true }));

/** What the app is made of; packages are linked, as they would be the same anyway. */
function checkOut(name: string): string {
  const target = path.join(folder, name);
  mkdirSync(target, { recursive: true });
  for (const part of ['environments', 'infra', 'lambdas', 'cdk.json', 'package.json', 'tsconfig.json']) {
    cpSync(path.join(REPOSITORY, part), path.join(target, part), { recursive: true });
  }
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(target, 'node_modules'));
  return target;
}

interface Run {
  readonly status: number | null;
  readonly output: string;
}

function runApp(repository: string, outdir: string, context: object, variables: NodeJS.ProcessEnv = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'infra/app.ts'], {
    cwd: repository,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: path.join(folder, 'no-home'),
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_VALIDATION: 'false',
      ...variables,
    },
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Every file below a folder, by its path there: what it holds, as a hash. */
function hashes(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => path.join(parentPath, name))
      .map(
        (file) => [path.relative(root, file), createHash('sha256').update(readFileSync(file)).digest('hex')] as const,
      )
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

const stacksOf = (outdir: string): string[] =>
  readdirSync(outdir)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => path.basename(name, '.template.json'))
    .sort();

describe('env=all', () => {
  const one = path.join(folder, 'out-one');
  const run = runApp(checkOut('one'), one, { env: 'all' }, { TZ: 'UTC', LANG: 'C' });

  it('writes an assembly with seven stacks and the resolved configuration for each environment, and no word', () => {
    assert.deepEqual(run, { status: 0, output: '' });
    const names = readdirSync(one).sort();
    assert.deepEqual(
      names,
      ['dev', 'prod', 'staging'].filter((name) => names.includes(name)),
    );
    for (const name of names) {
      assert.deepEqual(
        stacksOf(path.join(one, name)),
        COMPONENTS.map((component) => stackName(component, name)).sort(),
      );
      assert.equal(JSON.parse(readFileSync(path.join(one, name, 'environment.json'), 'utf8')).name, name);
    }
  });

  it('gives the same bytes from another checkout, into another folder, at another place and time of the world', () => {
    const other = path.join(folder, 'deeper', 'still', 'out-other');
    const elsewhere = { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', USER: 'somebody', CI: 'true' };
    assert.equal(runApp(checkOut('a/checkout/elsewhere'), other, { env: 'all' }, elsewhere).status, 0);
    assert.deepEqual(hashes(other), hashes(one));
  });

  it('writes no path of the machine', () => {
    for (const file of Object.keys(hashes(one)).filter((name) => name.endsWith('.json'))) {
      const text = readFileSync(path.join(one, file), 'utf8');
      assert.ok(!text.includes(folder) && !text.includes(REPOSITORY), file);
    }
  });

  it('takes one more environment for one more JSON file, and changes no other for it', () => {
    const more = checkOut('more');
    const prod = JSON.parse(readFileSync(path.join(more, 'environments', 'prod.json'), 'utf8'));
    const network = {
      ...prod.network,
      cidr: '10.200.0.0/16',
      availabilityZones: ['a', 'b', 'c'].map((z) => `eu-west-1${z}`),
    };
    const file = path.join(more, 'environments', 'prod-eu.json');
    writeFileSync(
      file,
      JSON.stringify({ ...prod, name: 'prod-eu', region: 'eu-west-1', account: '456789012345', network }),
    );
    const out = path.join(folder, 'out-more');
    assert.deepEqual(runApp(more, out, { env: 'all' }), { status: 0, output: '' });
    assert.equal(stacksOf(path.join(out, 'prod-eu')).length, COMPONENTS.length);
    const others = Object.entries(hashes(out)).filter(([name]) => !name.startsWith('prod-eu'));
    assert.deepEqual(Object.fromEntries(others), hashes(one));
  });

  it('takes the account of a variable for the one of the file', () => {
    const out = path.join(folder, 'out-account');
    runApp(REPOSITORY, out, { env: 'all' }, { CDK_DEV_ACCOUNT: '999988887777' });
    assert.equal(JSON.parse(readFileSync(path.join(out, 'dev', 'environment.json'), 'utf8')).account, '999988887777');
    assert.match(readFileSync(path.join(out, 'dev', 'manifest.json'), 'utf8'), /aws:\/\/999988887777\/us-east-1/);
  });
});

describe('npx cdk', () => {
  function cdk(args: string[], variables: NodeJS.ProcessEnv = {}): Run {
    const cli = path.join(REPOSITORY, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      cwd: REPOSITORY,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: path.join(folder, 'cdk-home'),
        CDK_VALIDATION: 'false',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        AWS_EC2_METADATA_DISABLED: 'true',
        ...variables,
      },
    });
    return { status, output: `${stdout}${stderr}` };
  }

  it('makes, of one environment, the same files as env=all', () => {
    const ours = path.join(folder, 'out-ours');
    const theirs = path.join(folder, 'out-theirs');
    runApp(REPOSITORY, ours, { env: 'all' });
    const run = cdk(['synth', '--context', 'env=dev', '--all', '--quiet', '--output', theirs]);
    assert.equal(run.status, 0, run.output);
    const { 'environment.json': configuration, ...assembly } = hashes(path.join(ours, 'dev'));
    assert.ok(configuration);
    const { 'cdk.out': _version, ...expected } = assembly;
    const actual = hashes(theirs);
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((file) => [file, actual[file]])), expected);
  });

  it('knows PipelineStack, without an environment', () => {
    const run = cdk(['list', '--output', path.join(folder, 'out-list')]);
    assert.equal(run.output.trim().split('\n').at(-1), 'PipelineStack');
  });

  it('says which environments there are when one is not', () => {
    const run = cdk(['list', '--context', 'env=nowhere', '--output', path.join(folder, 'out-nowhere')]);
    assert.notEqual(run.status, 0);
    assert.match(run.output, /env=nowhere: no such environment\. There are: dev, /);
  });
});

describe('what people can mend', () => {
  it('is a wrong configuration: exit 2, the place, no stack trace, nothing written', () => {
    const broken = checkOut('broken');
    const file = path.join(broken, 'environments', 'dev.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"memoryMb": 512', '"memoryMb": 64'));
    const out = path.join(folder, 'out-broken');
    const run = runApp(broken, out, { env: 'all' });
    assert.equal(run.status, 2);
    assert.match(run.output, /environments\/dev\.json.*functions\.memoryMb.*64/);
    assert.doesNotMatch(run.output, /^\s+at /m);
    assert.ok(!existsSync(out));
  });

  it('is an environment that is not there: exit 2', () => {
    const run = runApp(REPOSITORY, path.join(folder, 'out-missing'), { env: 'prod-eu' });
    assert.equal(run.status, 2);
    assert.match(run.output, /^--context env=prod-eu: no such environment\. There are: .*\n$/);
  });

  it('is a template the guardrails refuse: exit 1, the rule, no stack trace', () => {
    const bad = checkOut('bad');
    const file = path.join(bad, 'infra', 'constructs', 'encrypted-bucket.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('BLOCK_ALL,', 'BLOCK_ACLS_ONLY,'));
    const run = runApp(bad, path.join(folder, 'out-bad'), { env: 'dev' });
    assert.equal(run.status, 1);
    assert.match(run.output, /A bucket blocks all public access/);
    assert.doesNotMatch(run.output, /^\s+at .*\.[jt]s:\d/m);
  });
});
