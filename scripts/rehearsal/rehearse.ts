/**
 * `rehearse`: plays the chapters on a stage of their own, and ends with a timeline of what happened and a list of what
 * this machine can't rehearse.
 */
import type { CommandResult } from '../adapters/cli/command.ts';
import { EXIT, UsageError } from '../core/errors.ts';
import type { Chapter } from './chapters/chapter.ts';
import { CHAPTERS } from './chapters/index.ts';
import { setTheStage } from './chapters/stage.ts';
import { NOT_REHEARSED } from './not-rehearsed.ts';
import type { Story } from './story.ts';
import { renderTimelineText } from './timeline.ts';

/** @throws UsageError naming the chapters there are */
export function chooseChapters(ids: readonly string[]): readonly Chapter[] {
  const known = CHAPTERS.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new UsageError(`No chapter ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  return ids.length === 0 ? CHAPTERS : CHAPTERS.filter(({ id }) => ids.includes(id));
}

/** @throws RehearsalFailedError naming the chapter, what it expected, and where the log is */
export async function rehearse(chapters: readonly Chapter[], story: Story): Promise<CommandResult> {
  await setTheStage(story);
  for (const chapter of chapters) {
    story.begin(chapter.title);
    await chapter.play(story);
  }
  const { events } = story.world.timeline;
  const notRehearsed = NOT_REHEARSED.map(({ what, instead }) => `  ${what}: ${instead}`);
  return {
    exitCode: EXIT.done,
    document: { chapters: chapters.map(({ id }) => id), events, notRehearsed: NOT_REHEARSED },
    text: [renderTimelineText(events), '', 'Not rehearsed:', ...notRehearsed].join('\n'),
  };
}
