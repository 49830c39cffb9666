/** What a chapter is. */
import type { Edit } from '../git-host.ts';
import type { Story } from '../story.ts';

export interface Chapter {
  /** As `--chapter` names it. */
  readonly id: string;
  readonly title: string;
  /** What it changes in the repository: a test holds that each one finds its place. */
  readonly edits: readonly Edit[];
  /** Plays it. What it builds on it makes itself where no chapter before it did. */
  readonly play: (story: Story) => Promise<void>;
}
