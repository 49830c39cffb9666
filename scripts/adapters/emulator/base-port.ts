/**
 * Where the ports of the emulated accounts begin.
 */
import { UsageError } from '../../core/errors.ts';
import { readVariables, type Variables } from '../variables.ts';
import { DEFAULT_BASE_PORT } from './accounts.ts';

/** Below it are the system's ports; above it no room for one port per account. */
const ALLOWED = { min: 1024, max: 65_000 };

/**
 * `GITOPS_BASE_PORT`, or 4566.
 * @throws UsageError when it is no port number.
 */
export function readBasePort(variables: Variables = readVariables()): number {
  const value = variables['GITOPS_BASE_PORT'];
  if (!value) return DEFAULT_BASE_PORT;
  const port = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (port >= ALLOWED.min && port <= ALLOWED.max) return port;
  throw new UsageError(`GITOPS_BASE_PORT is "${value}": it must be a port from ${ALLOWED.min} to ${ALLOWED.max}.`);
}
