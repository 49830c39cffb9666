/** Events as the timeline shows them: by chapter, counted from its beginning, what repeats said once. Pure. */
import type { TimelineEvent, TimelineKind, TimelineOptions, TimelineStatus } from './timeline.ts';

export interface ChapterView {
  readonly title: string;
  /** How long it took. */
  readonly seconds: number;
  /** In the order of their beginnings; what took longer comes first. */
  readonly events: readonly EventView[];
}

export interface EventView {
  /** Seconds since the chapter began. */
  readonly start: number;
  readonly end: number;
  readonly isPoint: boolean;
  readonly lane: string;
  readonly kind: TimelineKind;
  readonly status: TimelineStatus;
  /** One line, without anything that a terminal or a browser would act on. */
  readonly label: string;
  readonly detail: string;
}

/** Chapters in the order they began. */
export function chaptersOf(
  events: readonly TimelineEvent[],
  { roundTo = 0 }: TimelineOptions = {},
): readonly ChapterView[] {
  const chapters = new Map<string, TimelineEvent[]>();
  for (const event of [...events].sort((a, b) => time(a.at) - time(b.at))) {
    chapters.set(event.chapter, [...(chapters.get(event.chapter) ?? []), event]);
  }
  return [...chapters].map(([title, own]) => chapterOf(title, own, roundTo));
}

function chapterOf(title: string, events: readonly TimelineEvent[], roundTo: number): ChapterView {
  const began = Math.min(...events.map(({ at }) => time(at)));
  const round = (ms: number): number => (roundTo > 0 ? Math.round(ms / 1000 / roundTo) * roundTo : ms / 1000);
  const views = events.map((event): EventView => {
    const start = round(time(event.at) - began);
    // What took time keeps a length, however small.
    const end = event.until === undefined ? start : Math.max(start + roundTo, round(time(event.until) - began));
    return {
      start,
      end: Math.max(start, end),
      isPoint: event.until === undefined,
      lane: event.lane,
      kind: event.kind,
      status: event.status,
      label: clean(event.title),
      detail: clean(event.detail ?? ''),
    };
  });
  const merged = mergeRepeated([...views].sort((a, b) => a.start - b.start || b.end - a.end));
  return { title: clean(title) || 'The stage', seconds: Math.max(...views.map(({ end }) => end)), events: merged };
}

/** An attempt that is made twelve times is one mark. */
function mergeRepeated(events: readonly EventView[]): readonly EventView[] {
  const groups: { readonly first: EventView; count: number }[] = [];
  for (const event of events) {
    const last = groups.findLast(({ first }) => first.lane === event.lane && first.kind === event.kind);
    if (last !== undefined && event.isPoint && isSame(last.first, event)) last.count += 1;
    else groups.push({ first: event, count: 1 });
  }
  return groups.map(({ first, count }) => (count === 1 ? first : { ...first, label: `${first.label} ×${count}` }));
}

const isSame = (a: EventView, b: EventView): boolean =>
  a.isPoint && a.label === b.label && a.status === b.status && a.detail === b.detail;

const time = (at: Date | string): number => new Date(at).getTime();

const KNOWN_LANES = ['pull request', 'github', 'dev', 'staging', 'prod'];

/** GitHub first, then environments as a change travels; those it does not know by name, behind. */
export function lanesOf(events: readonly EventView[]): readonly string[] {
  const rank = (lane: string): number =>
    (KNOWN_LANES.indexOf(lane) + KNOWN_LANES.length + 1) % (KNOWN_LANES.length + 1);
  const lanes = [...new Set(events.map(({ lane }) => lane))];
  const place = (lane: string): number => (KNOWN_LANES.includes(lane) ? rank(lane) : KNOWN_LANES.length + 1);
  return lanes.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

export const laneTitle = (lane: string): string => (lane === 'github' ? 'GitHub' : clean(lane));

/** `8 s`, `1 min 05 s`, `1 h 02 min`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** Control characters, which move cursors, and marks that turn the direction of a line, are taken out. */
export function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}\u{fffe}\u{ffff}]|\p{Cs}/gu, '')
    .trim();
}

/** By characters, not by halves of one. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}
