/**
 * Where everything stands in the drawing of a timeline: chapters below each other on one scale of time, in each of them
 * a lane for GitHub and for each environment, in each lane as many rows as its labels need. Pure.
 */
import { type ChapterView, type EventView, lanesOf, laneTitle, shorten } from './timeline-chapters.ts';

export const WIDTH = 1120;
export const MARGIN = 20;
/** Where time begins. */
export const LEFT = 112;
export const ROW = 22;
const RIGHT = WIDTH - MARGIN - 8;
const HEADER = 34;
const AXIS = 20;
const LANE_GAP = 8;
const CHAPTER_GAP = 18;
/** Of the mark before a label, with its distance. */
export const MARK = 18;
const AIR = 10;
/** A label that does not fit behind its bar then fits before it. */
const LABEL_WIDTH = 300;

export interface PlacedChapter {
  readonly title: string;
  readonly seconds: number;
  readonly top: number;
  readonly height: number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** Of the ticks' labels. */
  readonly unit: 'seconds' | 'minutes';
  readonly lanes: readonly PlacedLane[];
}

export interface PlacedLane {
  readonly title: string;
  readonly top: number;
  readonly height: number;
  readonly items: readonly PlacedItem[];
}

export interface PlacedItem {
  readonly event: EventView;
  /** Of the bar, or of the moment. */
  readonly x: number;
  /** 0 for a moment. */
  readonly width: number;
  /** Middle of its row. */
  readonly y: number;
  readonly label: string;
  /** Where mark and label begin. */
  readonly labelX: number;
  /** All that it takes up in its row. */
  readonly from: number;
  readonly to: number;
}

/** @param top where the first chapter begins */
export function placeChapters(chapters: readonly ChapterView[], top: number): readonly PlacedChapter[] {
  const longest = Math.max(1, ...chapters.map(({ seconds }) => seconds));
  const scale = (RIGHT - LEFT) / longest;
  const placed: PlacedChapter[] = [];
  let y = top;
  for (const chapter of chapters) {
    const next = placeChapter(chapter, y, scale, stepOf(longest));
    placed.push(next);
    y = next.top + next.height + CHAPTER_GAP;
  }
  return placed;
}

function placeChapter(
  { title, seconds, events }: ChapterView,
  top: number,
  scale: number,
  step: number,
): PlacedChapter {
  const lanes: PlacedLane[] = [];
  let y = top + HEADER + AXIS;
  for (const lane of lanesOf(events)) {
    const items = placeLane(
      events.filter((event) => event.lane === lane),
      y,
      scale,
    );
    const rows = Math.max(...items.map((item) => Math.round((item.y - y - ROW / 2) / ROW))) + 1;
    lanes.push({ title: laneTitle(lane), top: y, height: rows * ROW, items });
    y += rows * ROW + LANE_GAP;
  }
  const unit = step < 60 ? 'seconds' : 'minutes';
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => ({
    x: LEFT + index * step * scale,
    label: String(unit === 'seconds' ? index * step : (index * step) / 60),
  }));
  return { title, seconds, top, height: y - top, ticks, unit, lanes };
}

/** Each goes into the first row where neither bar nor label meets another one. */
function placeLane(events: readonly EventView[], top: number, scale: number): readonly PlacedItem[] {
  const rows: number[] = [];
  return events.map((event) => {
    const item = measure(event, scale);
    const free = rows.findIndex((end) => end + AIR <= item.from);
    const row = free === -1 ? rows.length : free;
    rows[row] = item.to;
    return { ...item, y: top + row * ROW + ROW / 2 };
  });
}

/** The label stands in its bar where it fits, else behind it, and before it where the drawing ends. */
function measure(event: EventView, scale: number): Omit<PlacedItem, 'y'> {
  const x = round(LEFT + event.start * scale);
  const width = event.isPoint ? 0 : round(Math.max(4, (event.end - event.start) * scale));
  const isBold = event.kind === 'run';
  const label = fit(event.label, isBold);
  const needed = round(MARK + textWidth(label, isBold));
  const base = { event, x, width, label };
  if (width >= needed + AIR) return { ...base, labelX: x + 6, from: x, to: x + width };
  const behind = x + width + (width === 0 ? 0 : 5);
  if (behind + needed <= WIDTH - MARGIN) return { ...base, labelX: behind, from: x, to: behind + needed };
  const before = round(Math.max(LEFT, x - needed - 5));
  return { ...base, labelX: before, from: before, to: Math.max(x + width, before + needed) };
}

function fit(label: string, isBold: boolean): string {
  let length = [...label].length;
  while (textWidth(shorten(label, length), isBold) > LABEL_WIDTH) length -= 1;
  return shorten(label, length);
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Rather too wide than too narrow: the font is the viewer's. In pixels, at 12. */
export function textWidth(text: string, bold: boolean): number {
  const widths = [...text].map((character) => {
    if (/[ilj.,:;'|!()[\]]/.test(character)) return 4.2;
    if (/[mwMW@%]/.test(character)) return 10.8;
    if (/[A-Z0-9_+=<>#?×…]/.test(character)) return 7.9;
    return (character.codePointAt(0) ?? 0) > 0x2000 ? 13 : 6.8;
  });
  return widths.reduce((sum, width) => sum + width, 0) * (bold ? 1.07 : 1);
}

/** Seconds between two marks of the axis: at most a dozen of them on the longest chapter. */
function stepOf(longest: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  return steps.find((step) => longest / step <= 12) ?? 7200;
}
