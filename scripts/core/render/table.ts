/**
 * Tables, for a terminal and for Markdown. Pure: text in, text out.
 */
import Table from 'cli-table3';

export interface TableContent {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table of plain text, without colours: it looks the same in a log. */
export function renderTable({ head, rows }: TableContent): string {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

/** The same for a job summary or a comment. What would end a cell is escaped. */
export function renderMarkdownTable({ head, rows }: TableContent): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

const escapeCell = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\r?\n/g, '<br>');
