/** Every call that reached the fake, in order, for assertions: what was asked, of which stack, and how it was answered. */
import { type Input, type OperationName, READS } from './operations.ts';

export interface Entry<Name extends OperationName = OperationName> {
  readonly operation: Name;
  readonly input: Input<Name>;
  /** The stack's name where the call names one. */
  readonly stackName: string | undefined;
  /** `ok`, the error's code, or the fault that kept the caller from an answer. */
  readonly answer: string;
}

export class Journal {
  readonly entries: Entry[] = [];

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  /** Calls of one operation, with its own input type. */
  of<Name extends OperationName>(operation: Name): Entry<Name>[] {
    return this.entries.filter((entry): entry is Entry<Name> => entry.operation === operation);
  }

  /** Everything that may have changed something, as `CancelUpdateStack trading-vpc-dev`; refused calls with their code. */
  mutations(stackName?: string): string[] {
    return this.entries
      .filter((entry) => !READS.has(entry.operation) && (stackName === undefined || entry.stackName === stackName))
      .map((entry) => [entry.operation, entry.stackName, ...(entry.answer === 'ok' ? [] : [entry.answer])].join(' '));
  }

  clear(): void {
    this.entries.length = 0;
  }
}
