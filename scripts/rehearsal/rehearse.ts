/**
 * `rehearse`: plays the chapters on a stage of their own, and ends with a timeline of what happened and a list of what
 * this machine can't rehearse.
 */
import type { CommandResult } from '../adapters/cli/command.ts';
import { endingOf } from '../core/cause.ts';
import { UsageError } from '../core/errors.ts';
import type { Chapter } from './chapters/chapter.ts';
import { CHAPTERS } from './chapters/index.ts';
import { setTheStage } from './chapters/stage.ts';
import { NOT_REHEARSED } from './not-rehearsed.ts';
import { RehearsalFailedError, type Story } from './story.ts';
import { renderTimelineText } from './timeline.ts';

/** @throws UsageError naming the chapters there are */
export function chooseChapters(ids: readonly string[]): readonly Chapter[] {
  const known = CHAPTERS.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new UsageError(`No chapter ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  return ids.length === 0 ? CHAPTERS : CHAPTERS.filter(({ id }) => ids.includes(id));
}

/** What fails ends the story, and is told with what had happened until then. */
export async function rehearse(
  chapters: readonly Chapter[],
  story: Story,
  stage: (story: Story) => Promise<void> = setTheStage,
): Promise<CommandResult> {
  const played: string[] = [];
  const failure = await play(chapters, story, played, stage);
  const { events } = story.world.timeline;
  const notRehearsed = NOT_REHEARSED.map(({ what, instead }) => `  ${what}: ${instead}`);
  const { code = '', source, message = '' } = failure ?? {};
  return {
    ...endingOf(failure && { code, source, message }),
    document: { chapters: played, events, notRehearsed: NOT_REHEARSED },
    text: [renderTimelineText(events), '', 'Not rehearsed:', ...notRehearsed, ...(failure ? ['', message] : [])].join(
      '\n',
    ),
  };
}

async function play(
  chapters: readonly Chapter[],
  story: Story,
  played: string[],
  stage: (story: Story) => Promise<void>,
): Promise<RehearsalFailedError | undefined> {
  try {
    await stage(story);
    for (const chapter of chapters) {
      story.begin(chapter.title);
      await chapter.play(story);
      played.push(chapter.id);
    }
    return undefined;
  } catch (error) {
    if (error instanceof RehearsalFailedError) return error;
    throw error;
  }
}
