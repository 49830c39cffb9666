/**
 * `npm run bench`: runs every `*.bench.ts` beside it, each exporting `benchmark`, and prints what they measured.
 *
 * No test: a slow moment of a machine is no defect. Compare ratios of one machine, before and after a change.
 */
import { readdir } from 'node:fs/promises';
import { renderTable } from '../core/render/table.ts';
import type { Benchmark } from './benchmark.ts';

const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.bench.ts')).sort();
for (const file of files) {
  const { benchmark } = (await import(`./${file}`)) as { benchmark: Benchmark };
  const measured = await benchmark.run();
  const rows = measured.map(({ what, milliseconds, ratio, note }) => [
    what,
    milliseconds.toFixed(1),
    ratio.toFixed(2),
    note,
  ]);
  const table = renderTable({ head: ['what', 'median ms', 'ratio', 'note'], rows });
  process.stdout.write(`${benchmark.name}\nratio 1: ${benchmark.reference}\n${table}\n\n`);
}
