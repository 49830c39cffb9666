/**
 * The marks of the drawn timeline: a shape for what happened, a sign for how it ended, and the colours of both in a light
 * and a dark surrounding. What colour says is said by shape too. Pure.
 */
import type { TimelineKind, TimelineStatus } from './timeline.ts';

/** Around 0, 0; fourteen wide at most. */
export const SHAPES: Readonly<Record<TimelineKind, { readonly path: string; readonly says: string }>> = {
  run: { path: 'M-5-6 7 0-5 6Z', says: 'workflow run' },
  job: { path: 'M-5-5H5V5H-5Z', says: 'job' },
  approval: { path: 'M0-7 7 0 0 7-7 0Z', says: 'approval' },
  deploy: { path: 'M0-7 6-1H3V6H-3V-1H-6Z', says: 'deployment' },
  rollback: { path: 'M-7 0-1-6V-3H6V3H-1V6Z', says: 'rollback' },
  comment: { path: 'M-6-6H6V3H0L-4 7V3H-6Z', says: 'comment' },
  issue: { path: 'M0-6A6 6 0 1 1 0 6A6 6 0 1 1 0-6M0-3V1M0 2.8V3.2', says: 'issue' },
  decision: { path: 'M-3-5.5H3L6 0 3 5.5H-3L-6 0Z', says: 'role asked for' },
  note: { path: 'M-4-6H2L5-3V6H-4Z', says: 'note' },
};

/** A sign of eight pixels in the shape's lower corner. */
export const SIGNS: Readonly<Record<TimelineStatus, { readonly path: string; readonly says: string }>> = {
  ok: { path: 'M-3 0-1 2.5 3.5-2.5', says: 'done' },
  failed: { path: 'M-3-3 3 3M3-3-3 3', says: 'failed' },
  waiting: { path: 'M-3-3H3L-3 3H3Z', says: 'waits' },
  refused: { path: 'M-3.5 0H3.5', says: 'refused' },
  neutral: { path: 'M-.6 0H.6', says: 'told' },
};

const LIGHT: Readonly<Record<TimelineStatus, readonly [line: string, fill: string]>> = {
  ok: ['#1a7f37', '#dafbe1'],
  failed: ['#cf222e', '#ffebe9'],
  waiting: ['#9a6700', '#fff8c5'],
  refused: ['#8250df', '#fbefff'],
  neutral: ['#57606a', '#eaeef2'],
};
const DARK: typeof LIGHT = {
  ok: ['#3fb950', '#12361f'],
  failed: ['#ff7b72', '#4a1518'],
  waiting: ['#d29922', '#3d2e06'],
  refused: ['#bc8cff', '#2f1d4d'],
  neutral: ['#8b949e', '#262c36'],
};

const colours = (of: typeof LIGHT): string =>
  Object.entries(of)
    .map(([status, [line, fill]]) => `.${status}{stroke:${line};fill:${fill}}`)
    .join('');

/** `sign`: without fill, so that it shows on every shape. A bar that failed is hatched, one that waits is dashed. */
export const STYLE = [
  "text{font:12px -apple-system,BlinkMacSystemFont,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif;fill:#1f2328;stroke:none}",
  '.title{font-size:20px;font-weight:600}.chapter{font-size:14px;font-weight:600}.run{font-weight:600}',
  '.lane{font-weight:600;fill:#57606a}.soft{fill:#57606a;font-size:11px}.hint{fill:#57606a}',
  '.page{fill:#fff}.panel{fill:#f6f8fa;stroke:#d0d7de}.rail{fill:#fff;stroke:none}.tick{stroke:#d8dee4;fill:none}',
  '.mark,.bar{stroke-width:1.4;stroke-linejoin:round}.sign{fill:none;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}',
  '.dashed{stroke-dasharray:4 3}.hatch{fill:url(#hatch);stroke:none}.hatching{stroke:#cf222e;stroke-opacity:.28;stroke-width:2}',
  colours(LIGHT),
  '.sign{fill:none}',
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.lane,.soft,.hint{fill:#9198a1}.page{fill:#0d1117}',
  '.panel{fill:#151b23;stroke:#3d444d}.rail{fill:#0d1117}.tick{stroke:#2a313c}.hatching{stroke:#ff7b72}',
  `${colours(DARK)}.sign{fill:none}}`,
].join('');
