/**
 * The clients validation works with. A deployment's own role may not call the API or touch an order: it takes on the
 * validate role of its environment, which may do that and nothing else. People validate with what they have.
 */
import type { GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { gitOpsRoleName } from '../../environments/naming.ts';
import { partitionOf } from '../core/partition.ts';
import { type AwsClients, createAwsClients } from './aws-clients.ts';
import type { Target } from './target.ts';

/** The longest a role taken on by a role lasts: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const SECONDS = 3_600;

/**
 * `clients`, or, where they are those of the environment's deploy role, others of its validate role. An emulated account
 * whose own credentials are used knows no roles to be told apart.
 */
export async function clientsForValidation(
  target: Pick<Target, 'account' | 'region' | 'emulator' | 'environment'>,
  clients: AwsClients,
): Promise<AwsClients> {
  if (target.emulator !== undefined && target.emulator.signedBy === undefined) return clients;
  const { GetCallerIdentityCommand, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const { name } = target.environment;
  if (!isRole(await clients.sts.send(new GetCallerIdentityCommand({})), gitOpsRoleName('deploy', name))) return clients;
  const role = `arn:${partitionOf(target.region)}:iam::${target.account}:role/${gitOpsRoleName('validate', name)}`;
  const { Credentials } = await clients.sts.send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'gitops-validate', DurationSeconds: SECONDS }),
  );
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken) throw new TypeError(`STS gave no credentials for ${role}`);
  const { region, emulator } = target;
  return createAwsClients({ region, emulator, credentials: { accessKeyId, secretAccessKey, sessionToken } });
}

/** A session's ARN: `arn:aws:sts::123456789012:assumed-role/gitops-deploy-dev/session` */
const isRole = ({ Arn = '' }: Pick<GetCallerIdentityCommandOutput, 'Arn'>, role: string): boolean =>
  Arn.split(':').at(-1)?.startsWith(`assumed-role/${role}/`) ?? false;
