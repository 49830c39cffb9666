/**
 * What an environment is: one zod schema, from which the TypeScript type is inferred and
 * `schema/environment.schema.json` is generated. Rules across fields and files are in `invariants.ts`. Pure.
 */
import { z } from 'zod';

/** AWS Lambda quotas: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MEMORY_MB = { min: 128, max: 10_240 };
const TIMEOUT_SECONDS = { min: 1, max: 900 };

/** The values CloudWatch Logs accepts: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const STAGES = ['development', 'staging', 'production'] as const;
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const wallClock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM from 00:00 to 23:59');
const calendarDate = z.iso.date();

const freeze = z
  .strictObject({
    timeZone: z.string().describe('IANA time zone the windows are read in, e.g. America/New_York'),
    windows: z
      .array(
        z.strictObject({
          days: z.array(z.enum(WEEKDAYS)).min(1).describe('Weekdays on which the window starts'),
          from: wallClock.describe('Start of the window, inclusive'),
          to: wallClock.describe('End of the window, exclusive; not after `from` means it ends the next day'),
        }),
      )
      .min(1),
    holidays: z.array(calendarDate).default([]).describe('Dates without a window: the exchange is closed'),
    halfDays: z
      .array(z.strictObject({ date: calendarDate, to: wallClock.describe('Windows of this date end at this time') }))
      .default([]),
  })
  .describe('When deployments wait. Rollback is always allowed');

export const environmentSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For the editor only'),
    name: z
      .string()
      .regex(/^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/, '1 to 16 of a-z, 0-9 and -, starting with a letter, not ending in -')
      .describe("Equal to the file's name; part of every resource's name"),
    stage: z.enum(STAGES).describe('What makes an environment "production" is this field, never its name'),
    account: z
      .string()
      .regex(/^\d{12}$/, 'an AWS account id: 12 digits')
      .describe('AWS account id; CDK_{NAME}_ACCOUNT overrides it'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, e.g. us-east-1'),
    tags: z.strictObject({
      owner: z.string().min(1).max(256).describe('The team that answers for the environment'),
      costCentre: z.string().min(1).max(256),
      dataClassification: z.enum(['public', 'internal', 'confidential', 'restricted']),
    }),
    network: z.strictObject({
      cidr: z.string().describe('IPv4 range of the VPC, /16 to /24, private; no two environments overlap'),
      availabilityZones: z.array(z.string()).min(1).max(6).describe('Given, not looked up: synth needs no credentials'),
      natGateways: z.int().min(1).max(6).describe('At most one per availability zone'),
    }),
    functions: z.strictObject({
      memoryMb: z.int().min(MEMORY_MB.min).max(MEMORY_MB.max),
      timeoutSeconds: z.int().min(TIMEOUT_SECONDS.min).max(TIMEOUT_SECONDS.max),
    }),
    table: z.strictObject({
      readCapacity: z.int().min(1).max(40_000).describe('Provisioned read capacity units'),
      writeCapacity: z.int().min(1).max(40_000).describe('Provisioned write capacity units'),
      autoScaling: z
        .strictObject({
          maxReadCapacity: z.int().min(1).max(40_000),
          maxWriteCapacity: z.int().min(1).max(40_000),
          targetUtilizationPercent: z.int().min(20).max(90),
        })
        .nullable()
        .describe('null: fixed capacity. Otherwise the capacity above is the lower bound'),
      pointInTimeRecovery: z.boolean(),
      deletionProtection: z.boolean(),
    }),
    api: z.strictObject({
      authorization: z.enum(['NONE', 'AWS_IAM']),
      throttle: z.strictObject({
        requestsPerSecond: z.int().min(1).max(10_000).describe('Enforced for the whole stage'),
        burst: z.int().min(1).max(5_000),
      }),
    }),
    bucket: z.strictObject({
      retentionDays: z
        .int()
        .min(1)
        .max(36_500)
        .nullable()
        .describe('Trade data expires after this many days; null: kept for ever, moved to colder classes'),
    }),
    queue: z.strictObject({
      retentionDays: z.int().min(1).max(14),
      visibilityTimeoutSeconds: z.int().min(0).max(43_200).describe('At least six times the function timeout'),
      maxReceiveCount: z.int().min(1).max(1_000).describe('Receives before a message goes to the dead letter queue'),
    }),
    logs: z.strictObject({ retentionDays: z.literal([...LOG_RETENTION_DAYS]) }),
    monitoring: z.strictObject({
      notificationEmails: z.array(z.email()).describe('Subscribed to the alarm topic; each must confirm once'),
    }),
    promotion: z.strictObject({
      after: z.string().nullable().describe('The environment that must hold a release first; null: the first wave'),
      approval: z.boolean().describe('A person lets the release in'),
      freeze: freeze.nullable(),
    }),
  })
  .meta({ title: 'Environment of the trading platform' });

/** One environment, valid in itself. Units are in the names; see the schema's descriptions. */
export type EnvironmentConfig = z.infer<typeof environmentSchema>;
export type Freeze = z.infer<typeof freeze>;
