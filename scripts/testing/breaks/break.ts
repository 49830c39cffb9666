/**
 * A break: one change by hand to a deployed environment, the one check that must see it, and the way back.
 */
import type { DeployedEnvironment } from '../deployed-environment.ts';

export interface Break {
  /** The check that must fail. */
  readonly id: string;
  /** How its subject begins; the rest is CloudFormation's own invention. */
  readonly of: (environment: DeployedEnvironment) => string | Promise<string>;
  /** Where the thing exists that breaks; default: dev. */
  readonly in?: 'dev' | 'prod';
  /** Ids of further checks that fail because this one does: an order can't be taken without its function. */
  readonly also?: readonly string[];
  /** Makes the change; what it returns takes it back. */
  readonly apply: (environment: DeployedEnvironment) => Promise<() => Promise<unknown>>;
}

/** The part of an SDK client by which answers are rewritten. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<{ output: object }>,
        context: { commandName?: string },
      ) => (args: never) => Promise<{ output: object }>,
      options: { step: 'initialize'; name: string },
    ): void;
    remove(name: string): boolean;
  };
}

/**
 * For what nobody can break by a call: rewrites the answer of one command until taken back.
 * @param change gets the answer; what it returns, or throws, the caller gets
 */
export function rewriteAnswer<Answer extends object>(
  client: unknown,
  command: string,
  change: (answer: Answer) => Answer,
): () => Promise<void> {
  const { middlewareStack } = client as Client;
  const name = `rewrite ${command}`;
  middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      return context.commandName === command ? { ...result, output: change(result.output as Answer) } : result;
    },
    { step: 'initialize', name },
  );
  return async () => void middlewareStack.remove(name);
}
