/** Each value of the shipped files made wrong, one at a time: the problem names that file and that path, and no other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigurationError, formatPath, type Path } from './problem.ts';
import { changed, MISSING, places, problemsOf, shippedFiles } from './testing/configuration-folder.ts';

interface Mutation {
  /** File, then the way to the value: `dev.network.availabilityZones.0`. */
  readonly at: string;
  readonly value: unknown;
  /** Words the problem must contain, in what was found or what is allowed. */
  readonly says: string;
  /** Where the problems are, when not exactly at the value: `dev.json network.cidr`. */
  readonly expect?: readonly string[];
}

const zones = (file: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${file}.json network.availabilityZones[${index}]`);

const mutations: readonly Mutation[] = [
  // Keys
  { at: 'dev.regoin', value: 'us-east-1', says: '"region"?' },
  { at: 'dev.colour', value: 'red', says: 'the unknown key "colour"' },
  { at: 'staging.network.natGateway', value: 1, says: '"natGateways"?' },
  { at: 'prod.promotion.freeze.windows.0.till', value: '16:00', says: 'days, from, to' },
  { at: 'prod.table.autoScaling.max', value: 1, says: 'maxReadCapacity, maxWriteCapacity' },
  { at: 'dev.name', value: MISSING, says: 'the key is missing' },
  { at: 'dev.stage', value: MISSING, says: 'one of "development", "staging", "production"' },
  { at: 'dev.account', value: MISSING, says: '12 digits' },
  { at: 'dev.region', value: MISSING, says: 'the key is missing' },
  { at: 'dev.tags', value: MISSING, says: 'owner, costCentre, dataClassification' },
  { at: 'dev.tags.owner', value: MISSING, says: 'the key is missing' },
  { at: 'dev.network', value: MISSING, says: 'cidr, availabilityZones, natGateways' },
  { at: 'dev.functions.memoryMb', value: MISSING, says: 'a whole number from 128 to 10240' },
  { at: 'dev.table.autoScaling', value: MISSING, says: 'or null' },
  { at: 'dev.bucket.retentionDays', value: MISSING, says: 'or null' },
  { at: 'dev.promotion.after', value: MISSING, says: 'the key is missing' },
  // Types
  { at: 'dev.$schema', value: 1, says: 'For the editor' },
  { at: 'dev.account', value: 123456789012, says: 'in quotes' },
  { at: 'dev.network', value: [], says: 'found' },
  { at: 'dev.network.availabilityZones', value: 'us-east-1a', says: 'a list of 1 to 6' },
  { at: 'dev.network.availabilityZones.1', value: null, says: 'an availability zone' },
  { at: 'dev.functions.memoryMb', value: '512', says: '"512"' },
  { at: 'dev.functions.timeoutSeconds', value: 30.5, says: 'a whole number' },
  { at: 'staging.table.pointInTimeRecovery', value: 'no', says: 'true or false' },
  { at: 'staging.promotion.approval', value: null, says: 'true or false' },
  { at: 'prod.promotion.freeze.holidays', value: '2026-12-25', says: 'a list' },
  { at: 'prod.table.autoScaling', value: true, says: 'or null' },
  // Choices and patterns
  { at: 'dev.stage', value: 'prod', says: '"production"' },
  { at: 'dev.tags.dataClassification', value: 'secret', says: '"restricted"' },
  { at: 'dev.tags.owner', value: '', says: '1 to 256' },
  { at: 'dev.tags.costCentre', value: 'a*b', says: 'letters, digits' },
  { at: 'dev.tags.costCentre', value: 'x'.repeat(257), says: '1 to 256' },
  { at: 'dev.account', value: '12345678901', says: '12 digits' },
  { at: 'dev.account', value: '12345678901x', says: '12 digits' },
  { at: 'dev.region', value: 'US East', says: 'e.g. us-east-1' },
  { at: 'dev.name', value: 'Dev', says: 'a-z' },
  { at: 'dev.name', value: 'dev_1', says: 'a-z' },
  { at: 'dev.name', value: 'dev-', says: 'not ending in -' },
  { at: 'dev.name', value: 'a2345678901234567', says: '1 to 16' },
  { at: 'dev.api.authorization', value: 'COGNITO', says: '"NONE", "AWS_IAM"' },
  { at: 'dev.monitoring.notificationEmails.0', value: 'nobody', says: 'an e-mail address' },
  { at: 'prod.promotion.freeze.windows.0.days.0', value: 'Monday', says: '"monday"' },
  { at: 'prod.promotion.freeze.windows.0.from', value: '9:30', says: 'HH:MM' },
  { at: 'prod.promotion.freeze.windows.0.to', value: '24:00', says: '23:59' },
  { at: 'prod.promotion.freeze.holidays.0', value: '2026-02-30', says: 'a date of the calendar' },
  { at: 'prod.promotion.freeze.halfDays.0.date', value: '27.11.2026', says: 'YYYY-MM-DD' },
  // Ranges
  { at: 'dev.functions.memoryMb', value: 127, says: 'from 128 to 10240' },
  { at: 'dev.functions.memoryMb', value: 10_241, says: 'from 128 to 10240' },
  { at: 'dev.functions.timeoutSeconds', value: 0, says: 'from 1 to 900' },
  { at: 'dev.functions.timeoutSeconds', value: 901, says: 'from 1 to 900' },
  { at: 'dev.table.readCapacity', value: 0, says: 'from 1 to 40000' },
  { at: 'dev.table.writeCapacity', value: 40_001, says: 'from 1 to 40000' },
  { at: 'prod.table.autoScaling.targetUtilizationPercent', value: 91, says: 'from 20 to 90' },
  { at: 'dev.api.throttle.requestsPerSecond', value: 0, says: 'from 1 to 10000' },
  { at: 'dev.api.throttle.burst', value: 5_001, says: 'from 1 to 5000' },
  { at: 'dev.bucket.retentionDays', value: 0, says: 'or null' },
  { at: 'dev.queue.retentionDays', value: 15, says: 'from 1 to 14' },
  { at: 'dev.queue.visibilityTimeoutSeconds', value: 43_201, says: 'from 0 to 43200' },
  { at: 'dev.queue.maxReceiveCount', value: 4, says: 'from 5 to 1000' },
  { at: 'dev.logs.retentionDays', value: 8, says: 'one of 1, 3, 5, 7' },
  { at: 'dev.network.availabilityZones', value: [], says: 'a list of 1 to 6' },
  { at: 'dev.network.natGateways', value: 0, says: 'from 1 to 6' },
  { at: 'prod.promotion.freeze.windows', value: [], says: 'a list of at least 1' },
  { at: 'prod.promotion.freeze.windows.0.days', value: [], says: 'a list of 1 to 7' },
  // Network
  { at: 'dev.region', value: 'us-east-2', says: 'a zone of the region us-east-2', expect: zones('dev', 3) },
  { at: 'dev.network.availabilityZones.2', value: 'us-west-2c', says: 'a zone of the region us-east-1' },
  { at: 'dev.network.availabilityZones.2', value: 'us-east-1z', says: 'e.g. us-east-1a' },
  { at: 'dev.network.availabilityZones.1', value: 'us-east-1a', says: 'more than once' },
  { at: 'dev.network.availabilityZones', value: ['us-east-1a', 'us-east-1b'], says: '', expect: [] },
  { at: 'dev.network.natGateways', value: 4, says: 'of which there are 3' },
  {
    at: 'prod.network.availabilityZones',
    value: ['us-east-1a'],
    says: 'of which there are 1',
    expect: ['prod.json network.natGateways'],
  },
  { at: 'dev.network.cidr', value: '10.10.0.0', says: 'such as 10.10.0.0/16' },
  { at: 'dev.network.cidr', value: '10.10.0.256/16', says: 'such as 10.10.0.0/16' },
  { at: 'dev.network.cidr', value: '10.0.0.0/15', says: 'from /16 to /24' },
  { at: 'dev.network.cidr', value: '10.10.0.0/25', says: 'from /16 to /24' },
  { at: 'dev.network.cidr', value: '11.0.0.0/16', says: 'RFC 1918' },
  { at: 'dev.network.cidr', value: '172.32.0.0/16', says: 'RFC 1918' },
  { at: 'dev.network.cidr', value: '100.64.0.0/16', says: 'RFC 1918' },
  { at: 'dev.network.cidr', value: '10.10.1.0/16', says: '10.10.0.0/16' },
  {
    at: 'dev.network.cidr',
    value: '10.20.128.0/20',
    says: 'overlaps',
    expect: ['dev.json network.cidr', 'staging.json network.cidr'],
  },
  // Between fields
  { at: 'dev.queue.visibilityTimeoutSeconds', value: 179, says: 'at least 180, six times' },
  {
    at: 'dev.functions.timeoutSeconds',
    value: 31,
    says: 'at least 186',
    expect: ['dev.json queue.visibilityTimeoutSeconds'],
  },
  { at: 'dev.queue.visibilityTimeoutSeconds', value: 43_200, says: '', expect: [] },
  { at: 'dev.queue.maxReceiveCount', value: 1_000, says: '', expect: [] },
  { at: 'prod.table.autoScaling.maxReadCapacity', value: 24, says: 'table.readCapacity, the lower bound (25)' },
  { at: 'prod.table.autoScaling.maxWriteCapacity', value: 24, says: 'table.writeCapacity, the lower bound (25)' },
  { at: 'dev.api.throttle.burst', value: 49, says: 'at least 50' },
  {
    at: 'dev.monitoring.notificationEmails',
    value: ['a@example.com', 'A@example.com'],
    says: 'each address once',
    expect: ['dev.json monitoring.notificationEmails[1]'],
  },
  // Production
  { at: 'prod.table.pointInTimeRecovery', value: false, says: 'true, as the stage is "production"' },
  { at: 'prod.table.deletionProtection', value: false, says: 'true, as the stage is "production"' },
  { at: 'prod.table.autoScaling', value: null, says: 'not null, as the stage is "production"' },
  { at: 'prod.api.authorization', value: 'NONE', says: '"AWS_IAM", as the stage is "production"' },
  {
    at: 'dev.stage',
    value: 'production',
    says: 'as the stage is "production"',
    expect: ['table.pointInTimeRecovery', 'table.deletionProtection', 'table.autoScaling', 'api.authorization'].map(
      (path) => `dev.json ${path}`,
    ),
  },
  // Names and order
  { at: 'dev.name', value: 'staging', says: '"dev", as the file is called' },
  { at: 'staging.promotion.after', value: 'staging', says: 'itself' },
  { at: 'staging.promotion.after', value: 'dve', says: '"dev"?' },
  { at: 'staging.promotion.after', value: '', says: 'One of "dev", "prod", null' },
  {
    at: 'dev.promotion.after',
    value: 'prod',
    says: 'cycle: dev after prod after staging after dev',
    expect: ['dev.json promotion.after', 'prod.json promotion.after', 'staging.json promotion.after'],
  },
  {
    at: 'staging.promotion.after',
    value: 'prod',
    says: 'cycle: prod after staging after prod',
    expect: ['prod.json promotion.after', 'staging.json promotion.after'],
  },
  // Freeze
  { at: 'prod.promotion.freeze.timeZone', value: 'America/Gotham', says: 'IANA' },
  { at: 'prod.promotion.freeze.timeZone', value: '+01:00', says: 'IANA' },
  { at: 'prod.promotion.freeze.windows.0.to', value: '09:30', says: 'its start too' },
  { at: 'prod.promotion.freeze.windows.0.days.1', value: 'monday', says: 'each weekday once' },
  { at: 'prod.promotion.freeze.holidays.1', value: '2026-11-26', says: 'each date once' },
  { at: 'prod.promotion.freeze.halfDays.1.date', value: '2026-11-27', says: 'each date once' },
  { at: 'prod.promotion.freeze.halfDays.0.date', value: '2026-12-25', says: 'in holidays too' },
];

/** Changes that are right; a table that could only fail would prove little. */
const harmless = mutations.filter(({ expect }) => expect?.length === 0);

for (const { at, value, says, expect } of mutations) {
  const [file = '', ...steps] = at.split('.');
  const inside: Path = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const shown = value === MISSING ? 'left out' : `= ${JSON.stringify(value).slice(0, 40)}`;
  const place = `${file}.json ${formatPath(inside)}`;

  test(`${at} ${shown}`, () => {
    const problems = problemsOf(changed(shippedFiles(), [file, ...inside], value));

    assert.deepEqual(places(problems), expect ?? [place]);
    if (expect?.length !== 0) {
      const message = new ConfigurationError(problems).message;
      assert.ok(message.includes(says), `"${says}" is not in:\n${message}`);
      assert.ok(message.includes(`${file}.json`));
    }
  });
}

test('at least 60 of the mutations are wrong', () => {
  assert.ok(mutations.length - harmless.length >= 60);
});
