/** STS of the emulated account a role belongs to, at the gate that its record names. */
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readAccount } from '../../../adapters/emulator/account-state.ts';
import { stateDirectory } from '../../../adapters/emulator/state-dir.ts';
import type { Variables } from '../../../adapters/variables.ts';
import { NotRehearsedError } from '../shared/step.ts';
import type { Settings } from './settings.ts';
import type { SessionCredentials, Sts } from './take-role.ts';

export function emulatedSts(variables: Variables): Sts {
  /** A client of its own for each call, ended with it: an open connection would keep the step from ending. */
  const ask = async <T>(settings: Settings, call: (sts: STSClient) => Promise<T>, session?: SessionCredentials) => {
    const { account, region } = settings;
    const record = await readAccount(account, stateDirectory(variables));
    if (record === undefined) throw new NotRehearsedError(`There is no emulated account ${account}.`);
    const { accessKeyId = '', secretAccessKey = '', sessionToken } = session ?? {};
    // Without a session the call is not signed: the token alone speaks for it.
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    const sts = new STSClient({ region, endpoint: record.endpoint, credentials });
    return await call(sts).finally(() => sts.destroy());
  };
  return {
    assume: async (settings, token) => {
      const command = new AssumeRoleWithWebIdentityCommand({
        RoleArn: settings.role,
        RoleSessionName: settings.sessionName,
        DurationSeconds: settings.duration,
        WebIdentityToken: token,
      });
      const { Credentials, AssumedRoleUser } = await ask(settings, (sts) => sts.send(command));
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error('STS answered without credentials');
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration?.toISOString() ?? '',
        assumedRole: AssumedRoleUser?.AssumedRoleId ?? '',
      };
    },
    accountOf: async (settings, credentials) => {
      const { Account } = await ask(settings, (sts) => sts.send(new GetCallerIdentityCommand({})), credentials);
      if (!Account) throw new Error('STS answered without an account');
      return Account;
    },
  };
}
