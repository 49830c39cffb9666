/** The timeline in a terminal and as a drawing: what is shown, that nothing overlaps, and that no text breaks out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SAMPLE_TIMELINE } from './testing/sample-timeline.ts';
import { renderTimelineText, type TimelineEvent } from './timeline.ts';
import { chaptersOf, durationText, lanesOf } from './timeline-chapters.ts';
import { LEFT, MARK, type PlacedItem, placeChapters, textWidth, WIDTH } from './timeline-layout.ts';
import { SHAPES, SIGNS } from './timeline-marks.ts';
import { renderTimelineSvg } from './timeline-svg.ts';

const event = (more: Partial<TimelineEvent> = {}): TimelineEvent => ({
  at: '2026-03-02T09:00:00Z',
  lane: 'dev',
  kind: 'note',
  title: 'something',
  status: 'ok',
  chapter: 'One',
  ...more,
});
const hostile = '</text><script>alert(1)</script> & "quoted" \'x\' \u001b[31mred\u001b[0m\nnext\u202eturned\u0000';

/** Minimal reader of XML: every tag is closed in order, attributes are quoted, no stray `<` or `&`. @returns the texts */
function texts(svg: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  for (const [whole, tag, text] of svg.matchAll(/(<[^>]*>)|([^<]+)/g)) {
    if (tag !== undefined) {
      assert.match(tag, /^<(\/[a-z]+|[a-z]+(\s[\w:-]+="[^"<]*")*\/?)>$/i, whole);
      const name = /[a-z]+/i.exec(tag)?.[0] ?? '';
      if (tag.startsWith('</')) assert.equal(open.pop(), name);
      else if (!tag.endsWith('/>')) open.push(name);
    } else if (text !== undefined && open.at(-1) !== 'style') {
      assert.doesNotMatch(text.replace(/&(amp|lt|gt|quot|#39);/g, ''), /[<>&]/);
      found.push(text);
    }
  }
  assert.deepEqual(open, []);
  return found;
}

describe('the text', () => {
  it('is at most 120 columns wide, whatever it tells', () => {
    const long = 'x'.repeat(300);
    const events = [...SAMPLE_TIMELINE, event({ title: long, detail: long, lane: long, chapter: long })];
    const lines = renderTimelineText(events).split('\n');
    assert.ok(lines.length > SAMPLE_TIMELINE.length / 2);
    for (const line of lines) assert.ok([...line].length <= 120, line);
  });

  it('counts from the beginning of the chapter, and shows how long things took', () => {
    const told = renderTimelineText([
      event({
        at: '2026-03-02T09:00:00Z',
        until: '2026-03-02T09:01:30Z',
        kind: 'run',
        title: 'promote',
        lane: 'github',
      }),
      event({ at: '2026-03-02T09:01:05Z', title: 'there', detail: 'at last', status: 'refused' }),
    ]);
    assert.match(told, /^One {2,}1 min 30 s$/m);
    assert.match(told, /^ {3}\+0:00 {2}█{24} {2}GitHub {2}✓ ok {7}run {7}promote$/m);
    assert.match(told, /^ {3}\+1:05 {2}·+◆·+ {2}dev {5}⊘ refused {2}note {6}there: at last$/m);
  });

  it('says each status in words too', () => {
    const statuses = ['ok', 'failed', 'waiting', 'refused'] as const;
    const told = renderTimelineText(statuses.map((status) => event({ status, title: status })));
    for (const word of ['ok', 'failed', 'waits', 'refused']) assert.match(told, new RegExp(` ${word} `));
  });

  it('holds nothing a terminal acts on', () => {
    const told = renderTimelineText([event({ title: hostile, detail: hostile, lane: hostile, chapter: hostile })]);
    assert.doesNotMatch(told.replaceAll('\n', ''), /\p{Cc}|\u202e/u);
    assert.equal(told.split('\n').length, 2);
  });

  it('says where nothing happened', () => assert.equal(renderTimelineText([]), 'Nothing happened.'));
});

describe('chapters', () => {
  it('come in the order they began, and events in the order of theirs', () => {
    const shuffled = [...SAMPLE_TIMELINE].reverse();
    assert.deepEqual(
      chaptersOf(shuffled).map(({ title }) => title),
      [...new Set(SAMPLE_TIMELINE.map(({ chapter }) => chapter))],
    );
    for (const { events } of chaptersOf(shuffled)) {
      assert.deepEqual(
        events.map(({ start }) => start),
        events.map(({ start }) => start).sort((a, b) => a - b),
      );
    }
  });

  it('say once what happened twelve times over', () => {
    const tries = Array.from({ length: 12 }, (_, index) =>
      event({ kind: 'decision', title: 'role refused', at: new Date(index * 1000) }),
    );
    const [chapter] = chaptersOf([...tries, event({ kind: 'issue', title: 'issue', at: new Date(20_000) })]);
    assert.deepEqual(
      chapter?.events.map(({ label }) => label),
      ['role refused ×12', 'issue'],
    );
  });

  it('have the lanes of the way a change goes', () => {
    const views = chaptersOf(['prod-eu', 'prod', 'dev', 'x', 'github', 'staging'].map((lane) => event({ lane })));
    assert.deepEqual(lanesOf(views.flatMap(({ events }) => events)), [
      'github',
      'dev',
      'staging',
      'prod',
      'prod-eu',
      'x',
    ]);
  });

  for (const [seconds, text] of [
    [0.4, '0 s'],
    [59, '59 s'],
    [65, '1 min 05 s'],
    [3725, '1 h 02 min'],
  ] as const) {
    it(`${seconds} seconds are ${text}`, () => assert.equal(durationText(seconds), text));
  }
});

describe('the drawing', () => {
  it('is well-formed, with a title and a description', () => {
    const svg = renderTimelineSvg(SAMPLE_TIMELINE);
    texts(svg);
    assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="title desc">\n<title id="title">Rehearsal/);
    assert.match(svg, /<desc id="desc">.*The merge travels: promote done\. A change .*: promote failed\./);
  });

  it('has the same bytes for the same events, in whatever order they are told', () => {
    const times = [...SAMPLE_TIMELINE].map((each) => ({ ...each, at: new Date(each.at).toISOString() }));
    assert.equal(renderTimelineSvg(times), renderTimelineSvg(SAMPLE_TIMELINE));
  });

  it('has the same bytes for a story told again a little slower and a day later, where times are rounded', () => {
    const again = SAMPLE_TIMELINE.map((each) => {
      const later = (time: Date | string): Date => new Date(new Date(time).getTime() + 86_400_000 + 90);
      return { ...each, at: later(each.at), ...(each.until !== undefined && { until: later(each.until) }) };
    });
    assert.equal(renderTimelineSvg(again, { roundTo: 5 }), renderTimelineSvg(SAMPLE_TIMELINE, { roundTo: 5 }));
    const slower = SAMPLE_TIMELINE.map((each) => ({
      ...each,
      ...(each.kind === 'run' && { until: slow(each.until) }),
    }));
    assert.notEqual(renderTimelineSvg(slower), renderTimelineSvg(SAMPLE_TIMELINE));
    assert.equal(renderTimelineSvg(slower, { roundTo: 5 }), renderTimelineSvg(SAMPLE_TIMELINE, { roundTo: 5 }));
  });
  const slow = (until: Date | string | undefined): Date => new Date(new Date(until ?? 0).getTime() + 200);

  it('lets no text break out of its place', () => {
    const svg = renderTimelineSvg([event({ title: hostile, detail: hostile, lane: hostile, chapter: hostile })]);
    assert.ok(texts(svg).some((text) => text.includes('&lt;script&gt;')));
    assert.doesNotMatch(svg.replaceAll('\n', ''), /<script|\p{Cc}|\u202e/u);
  });

  it('says of everything what it is, how it ended and how long it took', () => {
    const svg = renderTimelineSvg(SAMPLE_TIMELINE);
    assert.match(svg, /<title>job, failed, 52 s: Wave 1: dev \/ Deploy and validate<\/title>/);
    assert.match(svg, /<title>rollback, failed: dev rolled back by itself<\/title>/);
    assert.match(svg, /<title>approval, refused: alice may not approve<\/title>/);
  });

  it('tells success from failure by more than colour', () => {
    const [good, bad] = (['ok', 'failed'] as const).map((status) =>
      renderTimelineSvg([event({ status, kind: 'run', until: '2026-03-02T09:00:30Z' })]).replace(
        /<style>.*<\/style>/s,
        '',
      ),
    );
    assert.ok(good?.includes(SIGNS.ok.path) && !good.includes(SIGNS.failed.path));
    assert.ok(bad?.includes(SIGNS.failed.path) && bad.includes('class="hatch"'));
    assert.equal(new Set(Object.values(SIGNS).map(({ path }) => path)).size, 5);
    assert.equal(new Set(Object.values(SHAPES).map(({ path }) => path)).size, 9);
  });

  it('is readable in the dark', () => {
    assert.match(renderTimelineSvg(SAMPLE_TIMELINE), /@media\(prefers-color-scheme:dark\)\{/);
  });

  it('shows that nothing happened', () => {
    assert.ok(texts(renderTimelineSvg([])).includes('Nothing happened.'));
  });

  it('shows a single moment', () => {
    const found = texts(renderTimelineSvg([event()]));
    for (const text of ['something', 'One', '1 chapter, 0 s of real time', 'dev'])
      assert.ok(found.includes(text), text);
  });

  for (const [seconds, unit, last] of [
    [8, 'seconds', '8'],
    [100, 'seconds', '100'],
    [1200, 'minutes', '20'],
    [7200, 'minutes', '120'],
  ] as const) {
    it(`counts ${seconds} seconds in ${unit}`, () => {
      const until = new Date(Date.parse('2026-03-02T09:00:00Z') + seconds * 1000);
      const found = texts(renderTimelineSvg([event({ kind: 'run', until })]));
      assert.ok(found.includes(unit) && found.includes(last));
    });
  }
});

/** Within its bar, behind it, or before it: and never over its edge. */
function standsClear({ event: { kind }, label, labelX, x, width, from, to }: PlacedItem): boolean {
  const end = labelX + MARK + textWidth(label, kind === 'run');
  const near = 0.2;
  const isWithin = labelX >= x && end <= x + width;
  const isBeside = labelX >= x + width - near || end <= x + near;
  return labelX >= from && end <= to + near && (isWithin || isBeside);
}

describe('in a lane', () => {
  const moment = fc.record({
    lane: fc.constantFrom('github', 'dev'),
    kind: fc.constantFrom('run' as const, 'job' as const, 'issue' as const),
    title: fc.oneof(fc.string({ maxLength: 90 }), fc.string({ unit: 'grapheme', maxLength: 70 })),
    at: fc.integer({ min: 0, max: 600_000 }),
    took: fc.option(fc.integer({ min: 0, max: 300_000 }), { nil: undefined }),
  });

  it('no label meets another one or a bar, and none leaves the drawing', () => {
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 40 }), (moments) => {
        const events = moments.map(({ at, took, ...more }) =>
          event({ ...more, at: new Date(at), ...(took !== undefined && { until: new Date(at + took) }) }),
        );
        for (const { lanes } of placeChapters(chaptersOf(events), 0)) {
          for (const { items, top, height } of lanes) {
            items.forEach((item, index) => {
              assert.ok(item.from >= LEFT && item.to <= WIDTH && item.y > top && item.y < top + height);
              assert.ok(standsClear(item), JSON.stringify(item));
              for (const other of items.slice(index + 1)) {
                if (other.y === item.y) assert.ok(other.from >= item.to || item.from >= other.to);
              }
            });
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('a label stands within its bar, behind it or before it, wherever the bar is and however long', () => {
    const events = [event({ until: new Date(Date.parse('2026-03-02T09:00:00Z') + 600_000), kind: 'run' })];
    for (let start = 0; start < 600; start += 20) {
      for (let took = 10; start + took <= 600; took += 20) {
        const begins = Date.parse('2026-03-02T09:00:00Z') + start * 1000;
        const title = 'Deploy and validate it all '.repeat(4);
        events.push(event({ kind: 'job', title, at: new Date(begins), until: new Date(begins + took * 1000) }));
      }
    }
    const items = placeChapters(chaptersOf(events), 0).flatMap(({ lanes }) => lanes.flatMap((lane) => lane.items));
    for (const item of items) assert.ok(standsClear(item), JSON.stringify(item));
    const places = items.map(({ x, width, labelX }) =>
      labelX < x ? 'before' : labelX < x + width ? 'within' : 'behind',
    );
    assert.deepEqual([...new Set(places)].sort(), ['before', 'behind', 'within']);
  });
});
