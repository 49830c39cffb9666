/**
 * Reads the environment variables a function needs, and reports all missing ones at once.
 */

/** Thrown before the first request is served, when the function was deployed without variables it needs. */
export class MissingVariablesError extends Error {
  readonly code = 'MISSING_VARIABLES';

  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`Missing environment variables: ${missing.join(', ')}. Set them on the function.`);
    this.name = 'MissingVariablesError';
    this.missing = missing;
  }
}

/**
 * @returns the value of each named variable
 * @throws MissingVariablesError naming every variable that is absent or blank
 */
export const readVariables = <const Name extends string>(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Record<Name, string> => {
  const missing = names.filter((name) => !environment[name]?.trim());
  if (missing.length > 0) throw new MissingVariablesError(missing);
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<Name, string>;
};
