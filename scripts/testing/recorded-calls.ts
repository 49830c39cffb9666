/**
 * Records what clients ask of AWS, as IAM judges it: the action and the resource of each call. For the test that puts the
 * calls of the reading verbs to the read role.
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import type { AwsClients } from '../adapters/aws-clients.ts';

export interface RecordedCall {
  /** `s3:GetLifecycleConfiguration` */
  readonly action: string;
  /** An ARN, with what is made at random replaced; `*` where the action knows no resource. */
  readonly resource: string;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

type Input = Readonly<Record<string, unknown>>;

interface Client {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: { input: Input }) => Promise<unknown>,
        context: { commandName?: string },
      ) => (args: { input: Input }) => Promise<unknown>,
      options: { step: 'initialize'; name: string },
    ): void;
  };
}

/** Listens to every client from now on. The result grows with each call; `calls` sorts it, each call once. */
export function recordCalls(clients: AwsClients, place: Place): { readonly calls: () => RecordedCall[] } {
  const seen = new Map<string, RecordedCall>();
  for (const service of Object.keys(clients) as (keyof AwsClients)[]) {
    const client = clients[service] as unknown as Client;
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          for (const call of callsOf(service, commandName.replace(/Command$/, ''), args.input, place)) {
            seen.set(`${call.action} ${call.resource}`, call);
          }
          return next(args);
        },
      { step: 'initialize', name: 'record calls' },
    );
  }
  return { calls: () => [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call) };
}

function callsOf(service: keyof AwsClients, command: string, input: Input, place: Place): RecordedCall[] {
  const action = `${PREFIXES[service] ?? service}:${ACTIONS[command] ?? command}`;
  if (service === 'apiGateway') return [{ action: 'apigateway:GET', resource: apiPath(command, place) }];
  return resourcesOf(service, command, input, place).map((resource) => ({ action, resource: anonymous(resource) }));
}

const PREFIXES: Partial<Record<keyof AwsClients, string>> = {
  applicationAutoScaling: 'application-autoscaling',
  cloudwatchLogs: 'logs',
  eventbridge: 'events',
};

/** Where the right has another name than the call. */
const ACTIONS: Readonly<Record<string, string>> = {
  GetBucketEncryption: 'GetEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  HeadBucket: 'ListBucket',
  // With the right to list, what is gone is told from what may not be read.
  HeadObject: 'ListBucket',
  ListObjectsV2: 'ListBucket',
};

function resourcesOf(service: keyof AwsClients, command: string, input: Input, place: Place): string[] {
  const { account, region } = place;
  const arn = (of: string, resource: string): string =>
    resource.startsWith('arn:') ? resource : `arn:aws:${of}:${region}:${account}:${resource}`;
  const text = (name: string): string | undefined => (typeof input[name] === 'string' ? input[name] : undefined);
  const whole = text('ResourceARN') ?? text('ResourceArn') ?? text('Resource') ?? text('TopicArn');
  switch (service) {
    case 'cloudformation': {
      const stack = text('StackName');
      if (stack === undefined || command === 'DescribeStacks') return ['*'];
      return [stack.startsWith('arn:') ? stack : arn('cloudformation', `stack/${stack}/0a1b2c`)];
    }
    case 'ssm': {
      if (/^Describe|^ListTags/.test(command)) return ['*'];
      const names = [text('Name') ?? text('Path') ?? input['Names']].flat() as string[];
      return names.map((name) => arn('ssm', `parameter${name.replace(/\/$/, '')}`));
    }
    case 's3': {
      const bucket = `arn:aws:s3:::${text('Bucket')}`;
      const key = command === 'GetObject' ? text('Key') : undefined;
      return [key === undefined ? bucket : `${bucket}/${key}`];
    }
    case 'lambda': {
      const name = text('FunctionName');
      if (name === undefined || command === 'ListEventSourceMappings' || command === 'ListTags') return ['*'];
      const qualifier = text('Qualifier') ?? (command === 'GetAlias' ? text('Name') : undefined);
      const resource = name.startsWith('arn:') ? name : `function:${name}`;
      return [arn('lambda', qualifier === undefined ? resource : `${resource}:${qualifier}`)];
    }
    case 'dynamodb':
      return [whole ?? arn('dynamodb', `table/${text('TableName')}`)];
    case 'iam':
      return [`arn:aws:iam::${account}:role/${text('RoleName')}`];
    case 'sns':
      return [whole ?? '*'];
    case 'sqs':
      return [arn('sqs', (text('QueueUrl') ?? text('QueueName') ?? '').split('/').at(-1) ?? '')];
    case 'kms':
      return [text('KeyId') === undefined ? '*' : arn('kms', (text('KeyId') as string).replace(/^(?!arn:)/, 'key/'))];
    case 'eventbridge':
      return [whole ?? arn('events', `rule/${text('Name') ?? text('Rule')}`)];
    default:
      return ['*'];
  }
}

/** API Gateway has one action to read, and its paths for resources. */
const API_PATHS: Readonly<Record<string, string>> = {
  GetAccount: 'account',
  GetRestApi: 'restapis/a1b2c3',
  GetUsagePlan: 'usageplans/a1b2c3',
  GetUsagePlans: 'usageplans',
};

function apiPath(command: string, { region }: Place): string {
  const part = `restapis/a1b2c3/${command.replace(/^Get/, '').toLowerCase()}`;
  return `arn:aws:apigateway:${region}::/${API_PATHS[command] ?? part}`;
}

/** The same on each run: ids that services made are replaced, and buckets are named as S3 completes them in AWS. */
const anonymous = (resource: string): string =>
  resource
    .replace(/(:stack\/[^/]+\/).*/, '$10a1b2c')
    .replace(/-?[0-9A-F]{13}(?=:|$)/, '-1')
    .replace(/(:function:.*):\d+$/, '$1:1')
    .replace(/(:key\/).*/, '$11')
    .replace(/(gitops-releases-\d{12}-[a-z]+-[a-z]+-\d)(?!-an)/, '$1-an')
    .replace(/(\/releases\/).*/, '$11.tar.gz')
    .replace(/(\/history\/[^/]+\/).*/, '$11.json');
