/**
 * Where this repository is on disk, whatever folder a command is called from.
 */
import { fileURLToPath } from 'node:url';

export const REPOSITORY_ROOT = fileURLToPath(new URL('../../', import.meta.url));
