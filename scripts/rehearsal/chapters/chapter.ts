/** What a chapter is. */
import type { Story } from '../story.ts';

export interface Chapter {
  /** As `--chapter` names it. */
  readonly id: string;
  readonly title: string;
  /** Plays it. What it builds on it makes itself where no chapter before it did. */
  readonly play: (story: Story) => Promise<void>;
}
