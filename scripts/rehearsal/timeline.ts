/** What happened in a rehearsal, and as text for a terminal. Pure. */
import {
  type ChapterView,
  chaptersOf,
  clean,
  durationText,
  type EventView,
  laneTitle,
  shorten,
} from './timeline-chapters.ts';

export interface TimelineEvent {
  readonly at: Date | string;
  /** `github`, or an environment's name. */
  readonly lane: string;
  readonly kind: TimelineKind;
  readonly title: string;
  readonly detail?: string;
  readonly status: TimelineStatus;
  /** Left out: it took no time that matters. */
  readonly until?: Date | string;
  readonly chapter: string;
}

export type TimelineKind =
  | 'run'
  | 'job'
  | 'approval'
  | 'deploy'
  | 'rollback'
  | 'comment'
  | 'issue'
  | 'decision'
  | 'note';
export type TimelineStatus = 'ok' | 'failed' | 'waiting' | 'refused' | 'neutral';

export interface TimelineOptions {
  /** Times are rounded to so many seconds: two runs of one story then look the same. Default: as they are. */
  readonly roundTo?: number;
}

const WIDTH = 120;
const BAR = 24;
const STATUS: Readonly<Record<TimelineStatus, string>> = {
  ok: '✓ ok',
  failed: '✗ failed',
  waiting: '… waits',
  refused: '⊘ refused',
  neutral: '·',
};

/** At most 120 columns. Times count from the beginning of each chapter. */
export function renderTimelineText(events: readonly TimelineEvent[], options: TimelineOptions = {}): string {
  const chapters = chaptersOf(events, options);
  if (chapters.length === 0) return 'Nothing happened.';
  return chapters.map(renderChapter).join('\n\n');
}

function renderChapter({ title, seconds, events }: ChapterView): string {
  const took = durationText(seconds);
  const head = `${shorten(title, WIDTH - took.length - 2)}`;
  const lanes = Math.max(...events.map(({ lane }) => laneTitle(lane).length));
  const width = Math.min(lanes, 16);
  const lines = events.map((event) => {
    const { start, lane, status, kind, label } = event;
    const columns = [
      `+${clock(start)}`.padStart(8),
      barOf(event, seconds),
      shorten(laneTitle(lane), width).padEnd(width),
      STATUS[status].padEnd(9),
      kind.padEnd(8),
    ];
    const before = `${columns.join('  ')}  `;
    const detail = clean(event.detail);
    return `${before}${shorten(detail === '' ? label : `${label}: ${detail}`, WIDTH - before.length)}`;
  });
  return [`${head.padEnd(WIDTH - took.length - 1)} ${took}`, ...lines].join('\n');
}

/** `1:05`; an hour and more as `61:05`. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function barOf({ start, end, isPoint }: EventView, seconds: number): string {
  const place = (time: number): number => (seconds === 0 ? 0 : Math.round((time / seconds) * BAR));
  const from = Math.min(place(start), BAR - 1);
  if (isPoint) return `${'·'.repeat(from)}◆${'·'.repeat(BAR - from - 1)}`;
  const length = Math.max(1, Math.min(place(end), BAR) - from);
  return `${'·'.repeat(from)}${'█'.repeat(length)}${'·'.repeat(BAR - from - length)}`;
}
