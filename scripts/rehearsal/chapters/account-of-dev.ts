/** The account of dev as its owner reaches it, past the gate: for what is done by hand, and for looking. */
import { emulatorCredentials } from '../../adapters/emulator/local-target.ts';
import type { Story } from '../story.ts';

export interface Reached {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export async function accountOfDev(story: Story): Promise<Reached> {
  const { environments, cloud } = story.world;
  const dev = environments.find(({ name }) => name === 'dev');
  const account = dev && (await cloud.accounts()).get(dev.account);
  story.expect(account !== undefined, 'the account of dev to be up');
  const { endpoint = '', account: id = '' } = account ?? {};
  return { region: dev?.region ?? '', endpoint, credentials: emulatorCredentials(id) };
}
