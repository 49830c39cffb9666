/** Labels of a pull request, and the one that matters to a plan. Pure. */
import { UsageError } from '../../core/errors.ts';

/** The label by which reviewers let a pull request lose data. */
export const ALLOW_DESTRUCTIVE = 'allow-destructive';

/** Names of labels as GitHub Actions gives them, `toJSON(github.event.pull_request.labels.*.name)`. @throws UsageError */
export function readLabels(value: string): readonly string[] {
  let labels: unknown;
  try {
    labels = JSON.parse(value);
  } catch (error) {
    throw new UsageError('--labels takes a JSON list of names.', error);
  }
  if (Array.isArray(labels) && labels.every((label) => typeof label === 'string')) return labels;
  throw new UsageError('--labels takes a JSON list of names.');
}

/** By the option or by the label. */
export const mayLoseData = (options: {
  readonly allowDestructive: boolean;
  readonly labels: readonly string[];
}): boolean => options.allowDestructive || options.labels.includes(ALLOW_DESTRUCTIVE);
