/** The forms plans are written in for `--format`. Pure. */
import { UsageError } from '../../errors.ts';

export const FORMATS = ['table', 'markdown', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** @throws UsageError */
export function readFormat(value: string): Format {
  const format = FORMATS.find((known) => known === value);
  if (format === undefined)
    throw new UsageError(`No format ${JSON.stringify(value)}. There are: ${FORMATS.join(', ')}.`);
  return format;
}
