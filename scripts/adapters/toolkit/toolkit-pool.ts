/**
 * One toolkit per account, region and endpoint of a command: its thread is started once and ended with the command.
 */
import { type Destination, destinationKey } from '../aws-clients.ts';
import { CdkToolkit } from './toolkit.ts';

export class ToolkitPool {
  readonly #toolkits = new Map<string, CdkToolkit>();

  for(destination: Destination): CdkToolkit {
    const key = destinationKey(destination);
    const toolkit = this.#toolkits.get(key) ?? new CdkToolkit(destination);
    this.#toolkits.set(key, toolkit);
    return toolkit;
  }

  /** Starts the threads of these ahead of their use: they load while a release is made, or another one deploys. */
  warmUp(destinations: readonly Destination[]): void {
    for (const destination of destinations) this.for(destination).warmUp();
  }

  /** Ends every thread. */
  async close(): Promise<void> {
    await Promise.all([...this.#toolkits.values()].map((toolkit) => toolkit.close()));
    this.#toolkits.clear();
  }
}
