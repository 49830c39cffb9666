/**
 * Where local state lives: `.gitops/` at the repository's root, which git ignores, or the folder `GITOPS_STATE_DIR` names.
 */
import { fileURLToPath } from 'node:url';
import { readStateDirectory, type Variables } from '../variables.ts';

const DEFAULT = fileURLToPath(new URL('../../../.gitops', import.meta.url));

/** Virtual environment, emulated accounts, their logs, baselines. */
export const stateDirectory = (variables?: Variables): string => readStateDirectory(variables) ?? DEFAULT;
/** This folder, which holds the emulator's Python. */
export const EMULATOR_DIR = fileURLToPath(new URL('.', import.meta.url));
