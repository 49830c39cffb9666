/**
 * The AWS of a rehearsal: emulated accounts, reached by people as they are and by jobs through gates only, which let in
 * sessions of roles whose trust policy admits the job's token.
 */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAccount } from '../adapters/emulator/account-state.ts';
import { type EmulatedAccount, readAccounts } from '../adapters/emulator/accounts.ts';
import { emulatorCredentials } from '../adapters/emulator/local-target.ts';
import { type Gate, startGate, type TrustDecision, throughGate } from './aws/gate.ts';
import type { Issuer } from './oidc/issuer.ts';
import type { Recorder } from './recorder.ts';

export interface CloudOptions {
  /** Where the accounts are kept, as people's commands see them. */
  readonly stateDir: string;
  /** Where they are kept as jobs see them: behind the gates. */
  readonly gated: string;
  readonly basePort: number;
  readonly issuer: Issuer;
  readonly timeline: Recorder;
}

export class Cloud {
  readonly stateDir: string;
  readonly gated: string;
  readonly basePort: number;
  private readonly options: CloudOptions;
  private readonly gates: Gate[] = [];

  constructor(options: CloudOptions) {
    this.stateDir = options.stateDir;
    this.gated = options.gated;
    this.basePort = options.basePort;
    this.options = options;
  }

  /** Once the accounts run: puts a gate before each. */
  async openGates(): Promise<void> {
    const { stateDir, gated, issuer } = this.options;
    await mkdir(gated, { recursive: true });
    // What a release was validated against is the same knowledge on both sides.
    await mkdir(join(stateDir, 'baselines'), { recursive: true });
    await symlink(join(stateDir, 'baselines'), join(gated, 'baselines'));
    for (const account of await readAccounts(stateDir)) {
      const gate = await startGate({
        account: account.account,
        upstream: { endpoint: account.endpoint, credentials: emulatorCredentials(account.account) },
        issuer,
        report: (decision) => this.record(account, decision),
      });
      this.gates.push(gate);
      await writeAccount(throughGate(account, gate), gated);
    }
  }

  /** By account id. */
  async accounts(): Promise<ReadonlyMap<string, EmulatedAccount>> {
    return new Map((await readAccounts(this.stateDir)).map((account) => [account.account, account]));
  }

  async close(): Promise<void> {
    await Promise.all(this.gates.map((gate) => gate.close()));
  }

  /** Who was let in, and whoever was not. Sessions that take on further roles are too many to tell. */
  private record(
    { account, environments: [environment = account] }: EmulatedAccount,
    { action, allowed, at, reason, role }: TrustDecision,
  ): void {
    if (allowed && action === 'AssumeRole') return;
    this.options.timeline.add({
      kind: 'decision',
      lane: environment,
      title: `${role.replace(/^.*\//, '')} ${allowed ? 'given' : 'refused'}`,
      detail: reason,
      status: allowed ? 'ok' : 'refused',
      at,
    });
  }
}
