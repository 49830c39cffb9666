/** What was reviewed beside what is about to be made, for a run's job summary and a terminal. Pure. */
import { renderTable } from '../../render/table.ts';
import type { Comparison, ReviewedChange } from '../reviewed/compare-reviewed.ts';
import { SUMMARY_LIMIT } from './comment.ts';
import { code, cut, sentence, visible } from './safe-text.ts';
import { effect, lineOf, type Writer } from './single-change.ts';
import { changeMarkdown, changePlain } from './values.ts';

export interface ReviewedCounts {
  readonly answer: Comparison['answer'];
  readonly complete: boolean;
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
  readonly pullRequests: number;
  /** Pull requests whose plan is not known. */
  readonly unknown: number;
}

export interface RenderedReview {
  readonly text: string;
  readonly counts: ReviewedCounts;
}

export const reviewCounts = (comparison: Comparison): ReviewedCounts => ({
  answer: comparison.answer,
  complete: comparison.complete,
  added: comparison.added.length,
  gone: comparison.gone.length,
  changed: comparison.changed.length,
  pullRequests: comparison.pullRequests.length,
  unknown: comparison.pullRequests.filter(({ unknown }) => unknown !== null).length,
});

/** Lines of each list, from everything to least; what is left out is counted. */
const LENGTHS = [1_000, 200, 40, 0];
/** Characters of a value. */
const VALUE = 160;

/** At most as long as a step's job summary may be. */
export function renderReview(comparison: Comparison): RenderedReview {
  const counts = reviewCounts(comparison);
  const texts = LENGTHS.map((most) => () => markdown(comparison, most));
  const text = texts.find((make) => Buffer.byteLength(make()) <= SUMMARY_LIMIT)?.() ?? `### ${verdict(comparison)}`;
  return { text, counts };
}

export function renderReviewPlain(comparison: Comparison): RenderedReview {
  const { pullRequests, withoutPullRequest, gaps } = comparison;
  const table = renderTable({
    head: ['pull request', 'title', 'its plan'],
    rows: pullRequests.map((request) => [`#${request.number}`, visible(cut(request.title, 60)), shown(request, plain)]),
  });
  const parts = [
    `${verdict(comparison)}.`,
    ...(pullRequests.length > 0 ? [table] : []),
    ...lists(comparison, PLAIN).map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n')),
    ...(withoutPullRequest.length > 0
      ? [['Without a pull request', ...withoutPullRequest.map((commit) => `  ${commitLine(commit)}`)].join('\n')]
      : []),
    gaps.map(plain).join('\n'),
  ];
  return { text: parts.filter((part) => part !== '').join('\n'), counts: reviewCounts(comparison) };
}

function markdown(comparison: Comparison, most: number): string {
  const { environment, base, head, pullRequests, withoutPullRequest, gaps, sameFilesAs } = comparison;
  const range = base === null ? '' : ` between ${short(base)} and ${short(head)}`;
  const requests = pullRequests
    .slice(0, Math.max(most, 20))
    .map(
      (request) => `| ${linkTo(request)} | ${code(request.title, 80)} | ${shown(request, (text) => code(text, 240))} |`,
    );
  const parts = [
    `### ${verdict(comparison)}`,
    `What would change in ${code(environment, 40)}, beside what was shown of it in the pull requests merged${range}. For information: it stops nothing.`,
    ...(requests.length > 0
      ? [
          [
            `| pull request | title | its plan |`,
            '| --- | --- | --- |',
            ...requests,
            ...rest(pullRequests, requests),
          ].join('\n'),
        ]
      : []),
    ...(sameFilesAs === null ? [] : [`Pull request ${sameFilesAs} was planned with the very files of this release.`]),
    ...lists(comparison, MARKDOWN).map(({ title, lines }) => `**${title}**\n\n${list(lines, most)}`),
    ...(withoutPullRequest.length > 0
      ? [
          `**Without a pull request**\n\n${list(
            withoutPullRequest.map(({ sha, title }) => `${short(sha)} ${code(title, 80)}`),
            most,
          )}`,
        ]
      : []),
    gaps.map((gap) => sentence(gap)).join(' '),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const short = (commit: string): string => code(commit.slice(0, 12));

/** One line. */
function verdict(comparison: Comparison): string {
  const { answer, complete, added, gone, changed } = comparison;
  if (answer === 'unknown') return '❔ What was reviewed is not known';
  const known = complete ? '' : ', as far as it is known';
  if (answer === 'equal') return `✅ Equal to what was reviewed${known}`;
  const counts = [
    ...(added.length > 0 ? [`${added.length} in addition`] : []),
    ...(changed.length > 0 ? [`${changed.length} otherwise`] : []),
    ...(gone.length > 0 ? [`${gone.length} no longer`] : []),
  ];
  return `⚠️ Not what was reviewed${known}: ${counts.join(', ')}`;
}

type Request = Comparison['pullRequests'][number];

function shown({ changes, unknown }: Request, untrusted: (text: string) => string): string {
  if (unknown !== null) return `not known: ${untrusted(unknown)}`;
  return changes === 0 ? 'no changes' : `${changes} ${changes === 1 ? 'change' : 'changes'}`;
}

/** The address of a pull request, and of nothing else. */
const PULL_REQUEST = /^https?:\/\/[A-Za-z0-9.:-]+\/[\w.-]+\/[\w.-]+\/pull\/\d+$/;
const linkTo = ({ number, url }: Request): string => (PULL_REQUEST.test(url) ? `[${number}](${url})` : `${number}`);

const plain = (text: string): string => visible(cut(text, 240));
const MARKDOWN: Writer = {
  text: (text) => code(text, VALUE),
  values: (change) => changeMarkdown(change, VALUE),
};
const PLAIN: Writer = { text: plain, values: (change) => changePlain(change, 80) };

function lists(comparison: Comparison, writer: Writer): { readonly title: string; readonly lines: string[] }[] {
  const seen = ({ by }: ReviewedChange): string => `, pull request ${by}`;
  return [
    { title: 'In addition to what was reviewed', lines: comparison.added.map((change) => lineOf(change, writer)) },
    {
      title: 'Otherwise than reviewed',
      lines: comparison.changed.map(
        ({ now, reviewed }) =>
          `${lineOf(now, writer)}; reviewed was ${effect(reviewed.change, writer)}${seen(reviewed)}`,
      ),
    },
    {
      title: 'No longer: deployed meanwhile, or taken back',
      lines: comparison.gone.map((reviewed) => `${lineOf(reviewed.change, writer)}${seen(reviewed)}`),
    },
  ].filter(({ lines }) => lines.length > 0);
}

const commitLine = ({ sha, title }: { readonly sha: string; readonly title: string }): string =>
  `${visible(sha.slice(0, 12))} ${plain(title)}`;

const list = (lines: readonly string[], most: number): string =>
  [
    ...lines.slice(0, most).map((line) => `- ${line}`),
    ...(lines.length > most ? [`- ${most === 0 ? '' : 'and '}${lines.length - most} more`] : []),
  ].join('\n');

const rest = (all: readonly unknown[], some: readonly unknown[]): string[] =>
  all.length > some.length ? ['', `and ${all.length - some.length} more`] : [];
