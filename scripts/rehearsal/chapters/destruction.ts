/** Dev is destroyed: refused while the name is not typed again, then done, with the table backed up first. */

import { DynamoDBClient, ListBackupsCommand } from '@aws-sdk/client-dynamodb';
import type { FinishedRun } from '../run-types.ts';
import type { Story } from '../story.ts';
import { accountOfDev } from './account-of-dev.ts';
import type { Chapter } from './chapter.ts';
import { ADMINISTRATOR } from './people.ts';

const TABLE = 'orders-dev';

export const destruction: Chapter = {
  id: 'destruction',
  title: 'Dev destroyed',
  edits: [],
  play: async (story) => {
    const before = await story.standing('dev');
    const refused = await dispatch(story, 'prod');
    const asked = refused.annotations.some(({ text }) => text.includes('takes its name typed again'));
    story.expectRun(refused, !refused.succeeded && asked, 'to be refused while the name is another');
    const still = await story.standing('dev');
    story.expect(JSON.stringify(still.release) === JSON.stringify(before.release), 'dev to be untouched');
    story.world.timeline.add({ kind: 'note', lane: 'dev', title: 'destroy refused', status: 'refused' });

    const done = await dispatch(story, 'dev');
    story.expectRun(done, done.succeeded, 'to succeed');
    const dynamodb = new DynamoDBClient(await accountOfDev(story));
    const { BackupSummaries = [] } = await dynamodb.send(new ListBackupsCommand({}));
    dynamodb.destroy();
    const kept = BackupSummaries.map(({ TableName, BackupStatus }) => `${TableName} ${BackupStatus}`);
    story.expect(kept.includes(`${TABLE} AVAILABLE`), `a backup of ${TABLE}`, () => kept.join('\n'));
    const after = await story.standing('dev');
    story.expect(after.release === null, 'dev to hold no release any more', () => JSON.stringify(after));
    story.world.timeline.add({ kind: 'note', lane: 'dev', title: 'dev is gone', status: 'ok' });
  },
};

const dispatch = async (story: Story, confirm: string): Promise<FinishedRun> =>
  await story.run({
    workflow: 'destroy.yml',
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    commit: await story.world.git.main(),
    actor: ADMINISTRATOR,
    payload: { inputs: { environment: 'dev', confirm, reason: 'the rehearsal is over', 'yes-production': 'false' } },
  });
