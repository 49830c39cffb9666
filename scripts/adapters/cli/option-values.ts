/**
 * Values of options that are no plain text: parsed where commander reads them, so that a wrong one is a wrong use.
 */
import { InvalidArgumentError } from '@commander-js/extra-typings';

export type { Command } from '@commander-js/extra-typings';

/** A day, in seconds. */
const MAX_SECONDS = 86_400;

/** `--wait 120` @throws InvalidArgumentError */
export function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > MAX_SECONDS) {
    throw new InvalidArgumentError(`It takes whole seconds, 0 to ${MAX_SECONDS}.`);
  }
  return value;
}

/** A reason that is recorded: something must be said. @throws InvalidArgumentError */
export function reason(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It takes a reason, in quotes.');
  return text.trim();
}

/** `--pull-request 12` @throws InvalidArgumentError */
export function pullRequestNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It takes a number such as 12.');
  return Number(text);
}

/** `--repo OWNER/NAME` @throws InvalidArgumentError */
export function repositoryName(text: string): string {
  if (!/^[\w.-]+\/[\w.-]+$/.test(text)) throw new InvalidArgumentError('It takes OWNER/NAME.');
  return text;
}
