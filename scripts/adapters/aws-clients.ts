/**
 * The SDK's clients of a target, made when first used: loading all sixteen services takes a third of a second, and
 * most commands need three.
 */
import { createRequire } from 'node:module';
import type { Target } from './target.ts';

/** Three throttles in a row are common when stacks deploy side by side; the SDK's default of 3 attempts gives up there. */
const ATTEMPTS = 7;
const CONNECTION_TIMEOUT_MS = 5_000;
/** Above the longest answer of a control plane call; without it a lost connection would hang a command for ever. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The packages are CommonJS: this loads the same modules `import` does, at once and only when asked. */
const load = createRequire(import.meta.url);

interface Settings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
  readonly endpoint?: string;
  readonly credentials?: Credentials;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const MAKERS = {
  cloudformation: (settings: Settings) => {
    const { CloudFormationClient } = load(
      '@aws-sdk/client-cloudformation',
    ) as typeof import('@aws-sdk/client-cloudformation');
    return new CloudFormationClient(settings);
  },
  ssm: (settings: Settings) => {
    const { SSMClient } = load('@aws-sdk/client-ssm') as typeof import('@aws-sdk/client-ssm');
    return new SSMClient(settings);
  },
  dynamodb: (settings: Settings) => {
    const { DynamoDBClient } = load('@aws-sdk/client-dynamodb') as typeof import('@aws-sdk/client-dynamodb');
    return new DynamoDBClient(settings);
  },
  s3: (settings: Settings) => {
    const { S3Client } = load('@aws-sdk/client-s3') as typeof import('@aws-sdk/client-s3');
    // `bucket.127.0.0.1` is no host name.
    return new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  },
  sqs: (settings: Settings) => {
    const { SQSClient } = load('@aws-sdk/client-sqs') as typeof import('@aws-sdk/client-sqs');
    // Queue URLs of an emulated account may name another host than the one that listens.
    return new SQSClient({ ...settings, useQueueUrlAsEndpoint: settings.endpoint === undefined });
  },
  lambda: (settings: Settings) => {
    const { LambdaClient } = load('@aws-sdk/client-lambda') as typeof import('@aws-sdk/client-lambda');
    return new LambdaClient(settings);
  },
  apiGateway: (settings: Settings) => {
    const { APIGatewayClient } = load('@aws-sdk/client-api-gateway') as typeof import('@aws-sdk/client-api-gateway');
    return new APIGatewayClient(settings);
  },
  ec2: (settings: Settings) => {
    const { EC2Client } = load('@aws-sdk/client-ec2') as typeof import('@aws-sdk/client-ec2');
    return new EC2Client(settings);
  },
  cloudwatch: (settings: Settings) => {
    const { CloudWatchClient } = load('@aws-sdk/client-cloudwatch') as typeof import('@aws-sdk/client-cloudwatch');
    return new CloudWatchClient(settings);
  },
  cloudwatchLogs: (settings: Settings) => {
    const { CloudWatchLogsClient } = load(
      '@aws-sdk/client-cloudwatch-logs',
    ) as typeof import('@aws-sdk/client-cloudwatch-logs');
    return new CloudWatchLogsClient(settings);
  },
  applicationAutoScaling: (settings: Settings) => {
    const { ApplicationAutoScalingClient } = load(
      '@aws-sdk/client-application-auto-scaling',
    ) as typeof import('@aws-sdk/client-application-auto-scaling');
    return new ApplicationAutoScalingClient(settings);
  },
  sts: (settings: Settings) => {
    const { STSClient } = load('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
    return new STSClient(settings);
  },
  iam: (settings: Settings) => {
    const { IAMClient } = load('@aws-sdk/client-iam') as typeof import('@aws-sdk/client-iam');
    return new IAMClient(settings);
  },
  sns: (settings: Settings) => {
    const { SNSClient } = load('@aws-sdk/client-sns') as typeof import('@aws-sdk/client-sns');
    return new SNSClient(settings);
  },
  kms: (settings: Settings) => {
    const { KMSClient } = load('@aws-sdk/client-kms') as typeof import('@aws-sdk/client-kms');
    return new KMSClient(settings);
  },
  eventbridge: (settings: Settings) => {
    const { EventBridgeClient } = load('@aws-sdk/client-eventbridge') as typeof import('@aws-sdk/client-eventbridge');
    return new EventBridgeClient(settings);
  },
};

type Service = keyof typeof MAKERS;

/** One client per service, of one account and region. */
export type AwsClients = { readonly [Name in Service]: ReturnType<(typeof MAKERS)[Name]> };

/** Where the calls go: a Target, or the part of one that says so. */
export type Destination = Pick<Target, 'account' | 'region' | 'emulator'>;

/** Clients for `destination`. Credentials: those given, the emulator's, or the SDK's default chain. */
export function createAwsClients({
  region,
  emulator,
  credentials = emulator?.credentials,
}: Pick<Destination, 'region' | 'emulator'> & { readonly credentials?: Credentials }): AwsClients {
  const settings: Settings = {
    region,
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...(emulator && { endpoint: emulator.endpoint }),
    ...(credentials && { credentials }),
  };
  const clients = {};
  for (const service of Object.keys(MAKERS) as Service[]) {
    Object.defineProperty(clients, service, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = MAKERS[service](settings);
        Object.defineProperty(clients, service, { value, enumerable: true });
        return value;
      },
    });
  }
  return clients as AwsClients;
}

/** The same for what is the same account, region and endpoint. */
export const destinationKey = ({ account, region, emulator }: Destination): string =>
  [account, region, emulator?.endpoint].join(' ');

/** Gives the same clients for the same account, region and endpoint: two environments in one account share sockets. */
export class AwsClientPool {
  readonly #clients = new Map<string, AwsClients>();

  for(destination: Destination): AwsClients {
    const key = destinationKey(destination);
    const clients = this.#clients.get(key) ?? createAwsClients(destination);
    this.#clients.set(key, clients);
    return clients;
  }
}
