/** Entry of `npm run rehearse`. */
import { runCommand } from '../adapters/cli/command.ts';
import { saveText } from '../adapters/cli/output.ts';
import { CHAPTERS } from './chapters/index.ts';
import { chooseChapters, rehearse } from './rehearse.ts';
import { Story } from './story.ts';
import { renderTimelineSvg } from './timeline-svg.ts';
import { openWorld } from './world.ts';

const collect = (value: string, previous: string[]): string[] => [...previous, ...value.split(',')];

await runCommand(
  {
    name: 'rehearse',
    summary:
      'Plays the story of a change with the real workflow files on this machine: emulated accounts stand for AWS, a ' +
      'small GitHub for GitHub. Ends with a timeline.',
    whenEnvOmitted: 'all',
    configure: (command) =>
      command
        .option('--chapter <id>', `one of ${CHAPTERS.map(({ id }) => id).join(', ')}; repeatable`, collect, [])
        .option('--with-tests', 'the job that tests runs all tests, and not only type check and lint', false)
        .option('--svg <file>', 'also draws the timeline')
        .option('--keep', 'leaves repositories and workspaces where they are', false),
    examples: [
      { options: '', does: 'The whole story.' },
      { options: '--chapter rollback', does: 'One chapter, with what it builds on made before.' },
    ],
  },
  async ({ options, reporter, signal, onExit }) => {
    const chapters = chooseChapters(options.chapter);
    const { keep, withTests, svg } = options;
    const world = await openWorld({ reporter, signal, onExit, keep, withTests });
    const result = await rehearse(chapters, new Story(world, reporter, signal));
    if (svg !== undefined) await saveText(svg, renderTimelineSvg(world.timeline.events, { roundTo: 5 }));
    return result;
  },
);
