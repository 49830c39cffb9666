/**
 * How the operation on one stack ended, and its text for people. Pure.
 */
import { renderMarkdownTable, renderTable, type TableContent } from '../render/table.ts';

export type DeployedStatus = 'created' | 'updated' | 'unchanged';

export interface StackResult {
  readonly stack: string;
  /** `skipped`: not started, because another stack failed first. */
  readonly status: DeployedStatus | 'deleted' | 'failed' | 'skipped';
  /** Of a deployed stack: output name to value. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Why it failed or was skipped: for a failure the logical id and CloudFormation's own words where it gave some. */
  readonly reason?: string;
  readonly seconds: number;
}

/** True when the stack is as it was asked to be. */
export const succeeded = ({ status }: StackResult): boolean => status !== 'failed' && status !== 'skipped';

/** `2 created, 5 unchanged` */
export function summarizeStacks(results: readonly StackResult[]): string {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}

/** Each failure in full, as `stack: reason`. */
export const renderFailures = (results: readonly StackResult[]): readonly string[] =>
  results.filter(({ status }) => status === 'failed').map(({ stack, reason }) => `${stack}: ${reason ?? 'failed'}`);

/** Stacks by row. @param groups e.g. environments, each with its stacks */
export function renderStacks(groups: readonly { readonly name: string; readonly stacks: readonly StackResult[] }[]): {
  text: string;
  markdown: string;
} {
  const table: TableContent = {
    head: ['environment', 'stack', 'result', 'seconds'],
    rows: groups.flatMap(({ name, stacks }) =>
      stacks.map(({ stack, status, seconds }) => [name, stack, status, seconds.toFixed(1)]),
    ),
  };
  return { text: renderTable(table), markdown: renderMarkdownTable(table) };
}
