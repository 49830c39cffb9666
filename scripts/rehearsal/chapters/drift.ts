/** Somebody changes a function by hand: the scheduled look finds it, an issue is opened; mended, it is closed. */
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import type { FinishedRun } from '../run-types.ts';
import type { Story } from '../story.ts';
import { accountOfDev } from './account-of-dev.ts';
import type { Chapter } from './chapter.ts';

const FUNCTION = 'order-processing-dev';
const BY_HAND_MB = 1536;

export const drift: Chapter = {
  id: 'drift',
  title: 'Changed by hand',
  edits: [],
  play: async (story) => {
    const lambda = await lambdaOfDev(story);
    const { MemorySize } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FUNCTION }));
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: FUNCTION, MemorySize: BY_HAND_MB }));
    story.note(`${FUNCTION} given ${BY_HAND_MB} MB by hand`, 'dev');

    const found = await look(story);
    story.expectRun(found, !found.succeeded, 'to be red');
    const [issue, ...others] = issuesOfDev(story);
    story.expectRun(found, issue?.state === 'open' && others.length === 0, 'to open one issue for dev');
    story.expectRun(found, issue?.body?.includes(String(BY_HAND_MB)) === true, 'to say in the issue what it found');
    mark(story, `issue #${issue?.number} opened`, 'failed');

    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: FUNCTION, MemorySize }));
    story.note(`${FUNCTION} mended`, 'dev');
    const mended = await look(story);
    story.expectRun(
      mended,
      mended.jobs.find(({ title }) => title.includes('dev'))?.result === 'success',
      'to pass for dev',
    );
    const [after, ...more] = issuesOfDev(story);
    story.expectRun(mended, after?.number === issue?.number && after?.state === 'closed', 'to close the issue of dev');
    story.expectRun(mended, more.length === 0, 'to open no second issue');
    mark(story, `issue #${issue?.number} closed`, 'ok');
    lambda.destroy();
  },
};

const look = async (story: Story): Promise<FinishedRun> =>
  await story.run({
    workflow: 'drift.yml',
    event: 'schedule',
    ref: 'refs/heads/main',
    commit: await story.world.git.main(),
    actor: 'github-actions[bot]',
  });

const issuesOfDev = ({ world: { github } }: Story) => github.issues().filter(({ title }) => /\bdev\b/.test(title));

const mark = ({ world: { timeline } }: Story, title: string, status: 'ok' | 'failed'): void =>
  timeline.add({ kind: 'issue', lane: 'dev', title, status });

const lambdaOfDev = async (story: Story): Promise<LambdaClient> => new LambdaClient(await accountOfDev(story));
