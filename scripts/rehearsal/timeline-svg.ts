/**
 * The timeline as a drawing for the documentation: chapters as bands, lanes for GitHub and each environment, runs and
 * jobs as bars, everything else as marked moments. Pure; the same events give the same bytes.
 */
import type { TimelineEvent, TimelineKind, TimelineOptions, TimelineStatus } from './timeline.ts';
import { chaptersOf, clean, durationText, type EventView } from './timeline-chapters.ts';
import {
  MARGIN,
  MARK,
  type PlacedChapter,
  type PlacedItem,
  placeChapters,
  ROW,
  textWidth,
  WIDTH,
} from './timeline-layout.ts';
import { SHAPES, SIGNS, STYLE } from './timeline-marks.ts';

const TOP = 78;
const FOOT = 84;

/** A whole SVG document. Times count from the beginning of each chapter, on one scale. */
export function renderTimelineSvg(events: readonly TimelineEvent[], options: TimelineOptions = {}): string {
  const chapters = chaptersOf(events, options);
  const placed = placeChapters(chapters, TOP);
  const last = placed.at(-1);
  const end = last === undefined ? TOP + 24 : last.top + last.height;
  const views = chapters.flatMap((chapter) => chapter.events);
  const total = chapters.reduce((sum, { seconds }) => sum + seconds, 0);
  const told =
    chapters.length === 0
      ? 'Nothing happened.'
      : `${chapters.length} ${chapters.length === 1 ? 'chapter' : 'chapters'}, ${durationText(total)} of real time`;
  const height = end + FOOT;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">`,
    '<title id="title">Rehearsal: what happened, when, and where</title>',
    `<desc id="desc">${escaped(describe(chapters.map(({ title, events: own }) => ({ title, events: own }))))}</desc>`,
    `<style>${STYLE}</style>`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatching" d="M0 0V6"/></pattern></defs>',
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${MARGIN}" y="40">Rehearsal</text>`,
    `<text class="hint" x="${MARGIN}" y="60">${escaped(told)}</text>`,
    ...placed.map(drawChapter),
    ...drawLegend(views, end + 26),
    '</svg>',
  ].join('\n')}\n`;
}

function describe(chapters: readonly { readonly title: string; readonly events: readonly EventView[] }[]): string {
  const sentences = chapters.map(({ title, events }) => {
    const runs = events.filter(({ kind }) => kind === 'run');
    return `${title}: ${runs.map(({ label, status }) => `${label} ${SIGNS[status].says}`).join(', ') || 'no workflow run'}.`;
  });
  return sentences.join(' ') || 'Nothing happened.';
}

function drawChapter({ title, seconds, top, height, ticks, unit, lanes }: PlacedChapter): string {
  const right = WIDTH - MARGIN;
  const axis = top + 47;
  return [
    '<g>',
    `<rect class="panel" x="${MARGIN - 8}" y="${top}" width="${WIDTH - 2 * MARGIN + 16}" height="${height}" rx="8"/>`,
    `<text class="chapter" x="${MARGIN + 6}" y="${top + 24}">${escaped(title)}</text>`,
    `<text class="hint" x="${right - 4}" y="${top + 24}" text-anchor="end">${escaped(durationText(seconds))}</text>`,
    ...lanes.map(
      (lane) =>
        `<rect class="rail" x="${MARGIN}" y="${lane.top}" width="${right - MARGIN}" height="${lane.height}" rx="4"/>`,
    ),
    ...ticks.map(
      ({ x, label }) =>
        `<path class="tick" d="M${n(x)} ${axis + 4}V${top + height - 8}"/><text class="soft" x="${n(x)}" y="${axis}" text-anchor="middle">${label}</text>`,
    ),
    `<text class="soft" x="${MARGIN + 6}" y="${axis}">${unit}</text>`,
    ...lanes.flatMap((lane) => [
      `<text class="lane" x="${MARGIN + 6}" y="${lane.top + 15}">${escaped(lane.title)}</text>`,
      ...lane.items.map(drawItem),
    ]),
    '</g>',
  ].join('\n');
}

function drawItem(item: PlacedItem): string {
  const { event, x, width, y, label, labelX } = item;
  const { kind, status, detail } = event;
  const took = event.isPoint ? '' : `, ${durationText(event.end - event.start)}`;
  const told = `${SHAPES[kind].says}, ${SIGNS[status].says}${took}: ${event.label}${detail === '' ? '' : `. ${detail}`}`;
  const height = kind === 'run' ? ROW - 4 : ROW - 6;
  const box = `x="${n(x)}" y="${n(y - height / 2)}" width="${n(width)}" height="${height}" rx="3"`;
  const isWait = status === 'waiting' || kind === 'approval';
  return [
    `<g><title>${escaped(told)}</title>`,
    ...(width > 0 ? [`<rect class="bar ${status}${isWait ? ' dashed' : ''}" ${box}/>`] : []),
    ...(width > 0 && status === 'failed' ? [`<rect class="hatch" ${box}/>`] : []),
    drawMark(kind, status, labelX + 7, y),
    `<text${kind === 'run' ? ' class="run"' : ''} x="${n(labelX + MARK)}" y="${n(y + 4)}">${escaped(label)}</text>`,
    '</g>',
  ].join('');
}

/** A sign alone for what a bar shows already; shape and sign for a moment. */
function drawMark(kind: TimelineKind, status: TimelineStatus, x: number, y: number): string {
  const at = `transform="translate(${n(x)} ${n(y)})"`;
  const sign = `<path class="sign ${status}" d="${SIGNS[status].path}"/>`;
  if (kind === 'run' || kind === 'job') return `<g ${at}>${sign}</g>`;
  return `<g ${at}><path class="mark ${status}" d="${SHAPES[kind].path}"/><g transform="scale(.72)">${sign}</g></g>`;
}

/** Only what is in the drawing. */
function drawLegend(events: readonly EventView[], y: number): readonly string[] {
  const statuses = (Object.keys(SIGNS) as TimelineStatus[]).filter((status) =>
    events.some((event) => event.status === status),
  );
  const kinds = (Object.keys(SHAPES) as TimelineKind[]).filter(
    (kind) => kind !== 'run' && kind !== 'job' && events.some((event) => event.kind === kind),
  );
  return [
    ...drawRow(
      statuses.map((status) => ({ mark: (x: number) => drawMark('job', status, x, y), says: SIGNS[status].says })),
      y,
    ),
    ...drawRow(
      kinds.map((kind) => ({ mark: (x: number) => drawMark(kind, 'neutral', x, y + ROW), says: SHAPES[kind].says })),
      y + ROW,
    ),
  ];
}

interface LegendEntry {
  readonly mark: (x: number) => string;
  readonly says: string;
}

function drawRow(entries: readonly LegendEntry[], y: number): readonly string[] {
  let x = MARGIN + 6;
  return entries.map(({ mark, says }) => {
    const drawn = `${mark(x + 7)}<text class="hint" x="${n(x + MARK)}" y="${y + 4}">${escaped(says)}</text>`;
    x += MARK + textWidth(says, false) + 22;
    return drawn;
  });
}

/** Short, and the same on every machine. */
const n = (value: number): string => String(Math.round(value * 10) / 10);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => clean(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
