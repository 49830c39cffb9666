/** Keeps what happens as it happens, under the chapter that is played: what the timeline shows in the end. */
import type { TimelineEvent } from './timeline.ts';

export type Happening = Omit<TimelineEvent, 'chapter' | 'at'> & { readonly at?: Date };

export class Recorder {
  readonly events: TimelineEvent[] = [];
  private chapter = '';

  begin(chapter: string): void {
    this.chapter = chapter;
  }

  add({ at = new Date(), ...happening }: Happening): void {
    this.events.push({ ...happening, at, chapter: this.chapter });
  }
}
