/**
 * Marks the failure of a service we depend on, so that it is told apart from a fault of our own: the first is worth a
 * retry, the second is not.
 */

/** Thrown when table, queue or bucket did not answer, or answered with an error, after the SDK's own retries. */
export class DependencyUnavailableError extends Error {
  readonly code = 'DEPENDENCY_UNAVAILABLE';

  /** @param dependency in words: `orders table` */
  constructor(dependency: string, cause: unknown) {
    super(`The ${dependency} is unavailable`, { cause });
    this.name = 'DependencyUnavailableError';
  }
}

/** @throws DependencyUnavailableError around whatever `call` throws */
export const callDependency = async <Answer>(dependency: string, call: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await call();
  } catch (error) {
    throw new DependencyUnavailableError(dependency, error);
  }
};
