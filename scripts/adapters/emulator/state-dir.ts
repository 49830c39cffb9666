/**
 * Where local state lives: `.gitops/` at the repository's root, which git ignores.
 */
import { fileURLToPath } from 'node:url';

/** `.gitops/`: virtual environment, emulated accounts, their logs. */
export const STATE_DIR = fileURLToPath(new URL('../../../.gitops', import.meta.url));
/** This folder, which holds the emulator's Python. */
export const EMULATOR_DIR = fileURLToPath(new URL('.', import.meta.url));
