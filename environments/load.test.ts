/** Loading: what the shipped files give, further environments, overrides, and problems that are no single value's. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigurationError, loadEnvironments } from './load.ts';
import {
  changed,
  type Files,
  places,
  problemsOf,
  shipped,
  shippedFiles,
  type Variables,
  withFolder,
} from './testing/configuration-folder.ts';

const load = (files: Files, variables: Variables = {}) =>
  withFolder(files, (folder) => loadEnvironments({ folder, variables }));

const prodEu = {
  ...shipped('prod'),
  name: 'prod-eu',
  account: '456789012345',
  region: 'eu-west-1',
  network: { cidr: '10.40.0.0/16', availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'], natGateways: 3 },
};

test('the shipped environments hold the values of the platform, in the order of promotion', () => {
  const environments = loadEnvironments({ variables: {} });

  assert.deepEqual(
    environments.map(({ name, stage, region, account, functions, table, api, bucket, queue, network }) => ({
      name,
      stage,
      region,
      account,
      memory: functions.memoryMb,
      timeout: functions.timeoutSeconds,
      throttle: api.throttle.requestsPerSecond,
      capacity: [table.readCapacity, table.writeCapacity],
      scaled: table.autoScaling !== null,
      recovery: table.pointInTimeRecovery,
      protection: table.deletionProtection,
      tradeDays: bucket.retentionDays,
      messageDays: queue.retentionDays,
      visibility: queue.visibilityTimeoutSeconds,
      nat: network.natGateways,
      zones: network.availabilityZones.length,
    })),
    [
      {
        name: 'dev',
        stage: 'development',
        region: 'us-east-1',
        account: '123456789012',
        memory: 512,
        timeout: 30,
        throttle: 100,
        capacity: [5, 5],
        scaled: false,
        recovery: false,
        protection: false,
        tradeDays: 30,
        messageDays: 4,
        visibility: 180,
        nat: 1,
        zones: 3,
      },
      {
        name: 'staging',
        stage: 'staging',
        region: 'us-east-2',
        account: '234567890123',
        memory: 1024,
        timeout: 40,
        throttle: 500,
        capacity: [10, 10],
        scaled: false,
        recovery: false,
        protection: true,
        tradeDays: 90,
        messageDays: 10,
        visibility: 240,
        nat: 2,
        zones: 3,
      },
      {
        name: 'prod',
        stage: 'production',
        region: 'us-east-1',
        account: '345678901234',
        memory: 2048,
        timeout: 60,
        throttle: 2000,
        capacity: [25, 25],
        scaled: true,
        recovery: true,
        protection: true,
        tradeDays: null,
        messageDays: 14,
        visibility: 360,
        nat: 3,
        zones: 3,
      },
    ],
  );
});

test('what is for the editor only is not part of an environment', () => {
  for (const environment of loadEnvironments({ variables: {} })) assert.ok(!Object.hasOwn(environment, '$schema'));
});

test('a field left out gets its default', () => {
  const [, , prod] = load({ ...shippedFiles(), prod: withoutDates() });

  assert.deepEqual(prod?.promotion.freeze?.holidays, []);
  assert.deepEqual(prod?.promotion.freeze?.halfDays, []);
});

function withoutDates() {
  const windows = [{ days: ['monday'], from: '09:30', to: '16:00' }];
  const promotion = { after: 'staging', approval: true, freeze: { timeZone: 'America/New_York', windows } };
  return { ...shipped('prod'), promotion };
}

test('a fourth environment is one more file', () => {
  const names = load({ ...shippedFiles(), 'prod-eu': prodEu }).map(({ name }) => name);

  assert.deepEqual(names, ['dev', 'staging', 'prod', 'prod-eu']);
});

test('two environments in one account and region are accepted', () => {
  const twin = changed({ ...shipped('dev'), name: 'dev-two' }, ['network', 'cidr'], '10.50.0.0/16');
  const environments = load({ ...shippedFiles(), 'dev-two': twin });

  assert.deepEqual(
    environments
      .filter(({ account, region }) => account === '123456789012' && region === 'us-east-1')
      .map((e) => e.name),
    ['dev', 'dev-two'],
  );
});

test('a single environment suffices', () => {
  assert.deepEqual(
    load({ dev: shipped('dev') }).map(({ name }) => name),
    ['dev'],
  );
});

test('an account is overridden by the variable of its environment alone', () => {
  const variables = { CDK_DEV_ACCOUNT: '111111111111', CDK_PROD_EU_ACCOUNT: '222222222222', CDK_STAGING_ACCOUNT: '' };
  const accounts = load({ ...shippedFiles(), 'prod-eu': prodEu }, variables).map(({ account }) => account);

  assert.deepEqual(accounts, ['111111111111', '234567890123', '345678901234', '222222222222']);
});

for (const value of ['123', 'abcdefghijkl', '1234567890123', ' 123456789012', '123456789012\n']) {
  test(`the override ${JSON.stringify(value)} is a problem that names the variable`, () => {
    const problems = problemsOf(shippedFiles(), { CDK_STAGING_ACCOUNT: value });

    assert.deepEqual(places(problems), ['staging.json account']);
    assert.match(problems[0]?.found ?? '', /in the variable CDK_STAGING_ACCOUNT$/);
  });
}

test('every problem of every file is reported in one go, with line and column', () => {
  const dev = { ...changed(shipped('dev'), ['functions', 'memoryMb'], 1), regoin: 'us-east-1' };
  const staging = changed(changed(shipped('staging'), ['network', 'cidr'], '10.10.0.0/16'), ['stage'], 7);
  const prod = changed(changed(shipped('prod'), ['api', 'authorization'], 'NONE'), ['promotion', 'after'], 'stagin');

  const problems = problemsOf({ dev, staging, prod, broken: '{' }, { CDK_PROD_ACCOUNT: 'x' });

  assert.deepEqual(places(problems).sort(), [
    'broken.json',
    'dev.json functions.memoryMb',
    'dev.json network.cidr',
    'dev.json regoin',
    'prod.json account',
    'prod.json api.authorization',
    'prod.json promotion.after',
    'staging.json network.cidr',
    'staging.json stage',
  ]);
  const memory = problems.find(({ path: inside }) => inside === 'functions.memoryMb');
  const line =
    JSON.stringify(dev, null, 2)
      .split('\n')
      .findIndex((text) => text.includes('memoryMb')) + 1;
  assert.deepEqual({ line: memory?.line, column: memory?.column }, { line, column: 17 });
});

test('a file that can not be read is still an environment others may come after', () => {
  assert.deepEqual(places(problemsOf({ ...shippedFiles(), staging: '{"name":' })), ['staging.json']);
});

for (const name of ['all', 'default', 'dev-rollback']) {
  test(`the name ${name} is reserved`, () => {
    const problems = problemsOf({ [name]: { ...shipped('dev'), name } });

    assert.deepEqual(places(problems), [`${name}.json name`]);
  });
}

test('names are unique, as two files of one name can not be', () => {
  const problems = problemsOf({
    one: { ...shipped('dev'), name: 'two' },
    two: { ...prodEu, name: 'two', promotion: shipped('dev')['promotion'] },
  });

  assert.deepEqual(places(problems), ['one.json name']);
});

test('a folder that is not there, an empty one, and a folder in place of a file are problems', () => {
  const thrownBy = (folder: string) => {
    try {
      loadEnvironments({ folder, variables: {} });
    } catch (error) {
      if (error instanceof ConfigurationError) return error.message;
    }
    return 'nothing thrown';
  };

  withFolder({}, (folder) => {
    assert.match(thrownBy(path.join(folder, 'absent')), /ENOENT.*absent|absent.*ENOENT/);
    assert.match(thrownBy(folder), /no environment/);
    mkdirSync(path.join(folder, 'dev.json'));
    assert.match(thrownBy(folder), /dev\.json.*EISDIR/);
  });
});

test('the error carries code, source, exit code and problems', () => {
  const error = new ConfigurationError([
    { file: 'environments/dev.json', path: 'a.b', found: '1', allowed: '2', line: 3, column: 4 },
  ]);

  assert.deepEqual([error.code, error.source, error.exitCode, error.problems.length], ['CONFIG_INVALID', 'user', 2, 1]);
  assert.equal(
    error.message,
    'The configuration is wrong: 1 problem in 1 file.\n  environments/dev.json:3:4  a.b: found 1; allowed: 2',
  );
});

test('whatever stands in place of a part, loading gives environments or the problems, and nothing else', () => {
  const ways = waysInto(shipped('prod'));
  fc.assert(
    fc.property(fc.constantFrom(...ways), fc.jsonValue(), (way, value) => {
      const files = { ...shippedFiles(), prod: changed(shipped('prod'), way, value) };
      for (const problem of problemsOf(files)) assert.ok(problem.found !== '' && problem.allowed !== '');
    }),
    { numRuns: 300 },
  );
});

function waysInto(value: unknown, way: (string | number)[] = []): (string | number)[][] {
  const inner =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? value.flatMap((entry, index) => waysInto(entry, [...way, index]))
        : Object.entries(value).flatMap(([key, entry]) => waysInto(entry, [...way, key]));
  return way.length === 0 ? inner : [way, ...inner];
}
