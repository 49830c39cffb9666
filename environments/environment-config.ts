/**
 * What an environment is: one zod schema, from which the TypeScript type is inferred and
 * `schema/environment.schema.json` is generated. Rules across fields and files are in `invariants.ts`. Pure.
 *
 * A field added later needs a default: releases made before it are still read for rollback (`parseEnvironment`).
 */
import { z } from 'zod';

/** AWS Lambda quotas: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MEMORY_MB = { min: 128, max: 10_240 };
const TIMEOUT_SECONDS = { min: 1, max: 900 };

/** Default quota of a table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const CAPACITY_UNITS = { min: 1, max: 40_000 };

/** Account quotas of a region: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const REQUESTS_PER_SECOND = { min: 1, max: 10_000 };
const BURST = { min: 1, max: 5_000 };

/**
 * Queue attributes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 * At least 5 receives, so that throttled functions send no good message to the dead letter queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const QUEUE_RETENTION_DAYS = { min: 1, max: 14 };
const VISIBILITY_TIMEOUT_SECONDS = { min: 0, max: 43_200 };
const MAX_RECEIVE_COUNT = { min: 5, max: 1_000 };

/** us-east-1 has six zones, and no region has more. */
export const MAX_ZONES = 6;

/** The values CloudWatch Logs accepts: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const STAGES = ['development', 'staging', 'production'] as const;
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const wholeNumber = ({ min, max }: { min: number; max: number }) => z.int().min(min).max(max);

/** `patternErrorMessage` is what editors show and what `allowed.ts` says when the pattern is not met. */
const matching = (pattern: RegExp, allowed: string) => z.string().regex(pattern).meta({ patternErrorMessage: allowed });

const wallClock = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM from 00:00 to 23:59');
const calendarDate = z.iso.date().meta({ patternErrorMessage: 'a date of the calendar, YYYY-MM-DD' });

/** Tag values: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const tagValue = matching(
  /^[\p{L}\p{N}_.:/=+\-@]([\p{L}\p{N} _.:/=+\-@]{0,254}[\p{L}\p{N}_.:/=+\-@])?$/u,
  '1 to 256 letters, digits, spaces inside, and _ . : / = + - @',
);

const freeze = z
  .strictObject({
    timeZone: z.string().describe('IANA time zone the windows are read in, e.g. America/New_York'),
    windows: z
      .array(
        z
          .strictObject({
            days: z
              .array(z.enum(WEEKDAYS))
              .min(1)
              .max(WEEKDAYS.length)
              .describe('Weekdays on which the window starts, each once'),
            from: wallClock.describe('Start of the window, inclusive'),
            to: wallClock.describe(
              'End of the window, exclusive; before `from` means it ends the next day, equal to it is refused',
            ),
          })
          .describe('One window: deployments wait from its start to its end'),
      )
      .min(1)
      .describe('The windows of a week'),
    holidays: z
      .array(calendarDate.describe('A date without a window'))
      .default([])
      .describe('Dates without a window: the exchange is closed'),
    halfDays: z
      .array(
        z
          .strictObject({
            date: calendarDate.describe('The date, in the time zone of the freeze'),
            to: wallClock.describe('Windows of this date end at this time'),
          })
          .describe('A date on which trading ends early'),
      )
      .default([])
      .describe('Dates whose windows end early'),
  })
  .describe('When deployments wait. Rollback is always allowed');

export const environmentSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For the editor only'),
    name: matching(
      /^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/,
      '1 to 16 of a-z, 0-9 and -, starting with a letter, not ending in -',
    ).describe("Equal to the file's name; part of every resource's name"),
    stage: z.enum(STAGES).describe('What makes an environment "production" is this field, never its name'),
    account: matching(/^\d{12}$/, 'an AWS account id: 12 digits, in quotes').describe(
      'AWS account id; the variable CDK_{NAME}_ACCOUNT overrides it',
    ),
    region: matching(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'an AWS region, e.g. us-east-1').describe(
      'AWS region of every resource of the environment',
    ),
    tags: z
      .strictObject({
        owner: tagValue.describe('The team that answers for the environment'),
        costCentre: tagValue.describe('Who pays: the cost-centre tag of every resource'),
        dataClassification: z
          .enum(['public', 'internal', 'confidential', 'restricted'])
          .describe('How sensitive the data is: the data-classification tag of every resource'),
      })
      .describe('Tags that every resource bears, beside project, environment and repository'),
    network: z
      .strictObject({
        cidr: z
          .cidrv4()
          .meta({ patternErrorMessage: 'an IPv4 range such as 10.10.0.0/16' })
          .describe('IPv4 range of the VPC, /16 to /24, private (RFC 1918); no two environments overlap'),
        availabilityZones: z
          .array(
            matching(/^[a-z0-9-]+-\d[a-f]$/, 'an availability zone, e.g. us-east-1a').describe('A zone of the region'),
          )
          .min(1)
          .max(MAX_ZONES)
          .describe('Zones, each with a public and a private subnet. Given, not looked up: synth needs no credentials'),
        natGateways: wholeNumber({ min: 1, max: MAX_ZONES }).describe(
          'NAT gateways; at most one per availability zone',
        ),
      })
      .describe('The VPC of the environment'),
    functions: z
      .strictObject({
        memoryMb: wholeNumber(MEMORY_MB).describe('Memory of each Lambda function, MB'),
        timeoutSeconds: wholeNumber(TIMEOUT_SECONDS).describe('Timeout of each Lambda function, seconds'),
      })
      .describe('The Lambda functions'),
    table: z
      .strictObject({
        readCapacity: wholeNumber(CAPACITY_UNITS).describe('Provisioned read capacity units'),
        writeCapacity: wholeNumber(CAPACITY_UNITS).describe('Provisioned write capacity units'),
        autoScaling: z
          .strictObject({
            maxReadCapacity: wholeNumber(CAPACITY_UNITS).describe('Upper bound; at least readCapacity'),
            maxWriteCapacity: wholeNumber(CAPACITY_UNITS).describe('Upper bound; at least writeCapacity'),
            targetUtilizationPercent: wholeNumber({ min: 20, max: 90 }).describe(
              'Share of the provisioned capacity that auto-scaling aims at, percent',
            ),
          })
          .nullable()
          .describe('null: fixed capacity. Otherwise the capacity above is the lower bound; production must have it'),
        pointInTimeRecovery: z.boolean().describe('Restore to any second of the last 35 days; production must have it'),
        deletionProtection: z
          .boolean()
          .describe('The table refuses deletion until this is off; production must have it'),
      })
      .describe('The DynamoDB table of orders'),
    api: z
      .strictObject({
        authorization: z
          .enum(['NONE', 'AWS_IAM'])
          .describe('NONE: open; AWS_IAM: callers sign their requests. Production may not be NONE'),
        throttle: z
          .strictObject({
            requestsPerSecond: wholeNumber(REQUESTS_PER_SECOND).describe(
              'Steady requests per second, enforced for the whole stage',
            ),
            burst: wholeNumber(BURST).describe('Requests at once; at least half of requestsPerSecond'),
          })
          .describe('What the API lets through before it answers 429'),
      })
      .describe('The REST API'),
    bucket: z
      .strictObject({
        retentionDays: wholeNumber({ min: 1, max: 36_500 })
          .nullable()
          .describe('Trade data expires after this many days; null: kept for ever, moved to colder classes'),
      })
      .describe('The S3 bucket of trade data'),
    queue: z
      .strictObject({
        retentionDays: wholeNumber(QUEUE_RETENTION_DAYS).describe('Days a message is kept'),
        visibilityTimeoutSeconds: wholeNumber(VISIBILITY_TIMEOUT_SECONDS).describe(
          'Seconds a received message stays hidden; at least six times the function timeout',
        ),
        maxReceiveCount: wholeNumber(MAX_RECEIVE_COUNT).describe(
          'Receives before a message goes to the dead letter queue',
        ),
      })
      .describe('The SQS queue of orders'),
    logs: z
      .strictObject({
        retentionDays: z
          .literal([...LOG_RETENTION_DAYS])
          .describe('Days every log group keeps its events; the values CloudWatch Logs knows'),
      })
      .describe('The CloudWatch log groups'),
    monitoring: z
      .strictObject({
        notificationEmails: z
          .array(z.email().describe('An e-mail address'))
          .describe('Subscribed to the alarm topic; each must confirm once'),
      })
      .describe('Who hears of alarms'),
    promotion: z
      .strictObject({
        after: z.string().nullable().describe('The environment that must hold a release first; null: the first wave'),
        approval: z.boolean().describe('A person lets the release in'),
        freeze: freeze.nullable().describe('When deployments wait; null: never. Rollback is always allowed'),
      })
      .describe('How a release gets here'),
  })
  .meta({ title: 'Environment of the trading platform' });

/** One environment, valid in itself. Units are in the names; see the schema's descriptions. */
export type EnvironmentConfig = z.infer<typeof environmentSchema>;
export type Freeze = z.infer<typeof freeze>;
