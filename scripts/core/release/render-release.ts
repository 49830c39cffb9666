/**
 * A release for people: what `synth` shows. Pure.
 */
import { renderMarkdownTable, renderTable, type TableContent } from '../render/table.ts';
import { type Release, releaseLabel, shortId } from './release.ts';

const DIRTY =
  'Made of uncommitted changes: a production stage takes it only with --local. Commit, then make the release again.';

/** @param shown names of the environments to show */
export function renderRelease(release: Release, shown: readonly string[]): { text: string; markdown: string } {
  const table: TableContent = {
    head: ['environment', 'stage', 'account', 'region', 'stacks', 'digest'],
    rows: Object.entries(release.environments)
      .filter(([name]) => shown.includes(name))
      .map(([name, { stage, account, region, stacks, digest }]) => [
        name,
        stage,
        account,
        region,
        String(stacks.length),
        shortId(digest),
      ]),
  };
  const dirty = release.dirty ? [DIRTY] : [];
  return {
    text: [renderTable(table), `Release ${releaseLabel(release)}`, ...dirty].join('\n'),
    markdown: [renderMarkdownTable(table), `Release \`${release.id}\` of commit \`${release.commit}\``, ...dirty].join(
      '\n\n',
    ),
  };
}
