/**
 * The comment of a pull request: the plans of all environments in one, at most as long as a comment may be. Pure.
 */
import type { ConfigInWords } from '../config/config-change.ts';
import { isEmpty, type Plan } from '../plan.ts';
import { enumerate } from '../sentence.ts';
import { detailsOf, type PreparedDetails, prepareDetails } from './comment-details.ts';
import { configSection, failuresSection, matrixSection, verdictLine, warningsSection } from './comment-head.ts';
import { type Detail, LEVELS } from './detail.ts';
import { Neutral, type StackRow, stackRows } from './groups.ts';
import { type RenderedCounts, totals } from './totals.ts';

/** The first line of every comment of ours: by it, and by its author, it is found again. Hidden in the rendered comment. */
export const COMMENT_MARKER = '<!-- trading-platform-gitops: plan -->';

/** GitHub's limit is 65,536 characters. */
export const COMMENT_LIMIT = 65_000;
/** A step's job summary may be 1,024 KiB. */
export const SUMMARY_LIMIT = 1_000_000;

export interface CommentInput {
  /** One per environment, in the order of promotion. */
  readonly plans: readonly Plan[];
  readonly configChanges: readonly ConfigInWords[];
  /** The commit the release was made of: the pull request's head. */
  readonly commit: string;
  /** When the plans were made. */
  readonly time: Date;
  /** How many earlier versions of the comment this one replaces. */
  readonly replacedVersions: number;
  /** The run of GitHub Actions whose job summary and artifact hold the whole plan. Not linked if it is no such address. */
  readonly summaryUrl?: string;
  /** Environments that could not be planned, and why. */
  readonly unplanned?: readonly { readonly environment: string; readonly reason: string }[];
}

export interface Rendered {
  readonly text: string;
  readonly counts: RenderedCounts;
}

/** At most COMMENT_LIMIT characters, whatever comes. */
export function renderComment(input: CommentInput): Rendered {
  const footer = footerOf(input);
  const whole = `the job summary and the artifact of ${link(input.summaryUrl, 'the run')}`;
  const { text, cut } = fit(input, COMMENT_LIMIT - COMMENT_MARKER.length - footer.length - 8, whole);
  const quiet = isQuiet(input);
  const body = quiet ? `${text} ${footer}` : `${text}\n\n${footer}`;
  return { text: `${COMMENT_MARKER}\n${body}\n`, counts: totals(input, cut) };
}

/** The same for a run's job summary: no marker, and room for sixteen times as much. */
export function renderSummary(input: Omit<CommentInput, 'replacedVersions'>): Rendered {
  const { text, cut } = fit(input, SUMMARY_LIMIT, 'the JSON of the plan');
  return { text, counts: totals(input, cut) };
}

type Content = Omit<CommentInput, 'replacedVersions'>;

/** Nothing changes and nothing is to be said: one line. */
const isQuiet = ({ plans, configChanges, unplanned = [] }: Content): boolean =>
  plans.length > 0 &&
  configChanges.length === 0 &&
  unplanned.length === 0 &&
  plans.every((plan) => isEmpty(plan) && plan.warnings.length === 0 && plan.verdict.ok);

/** The most detailed text that is short enough. Details give way in the order of LEVELS. */
function fit(input: Content, limit: number, whole: string): { text: string; cut: readonly string[] } {
  if (isQuiet(input)) return { text: quietLine(input), cut: [] };
  const rows = stackRows(input.plans);
  const neutral = new Neutral(input.plans);
  const details = prepareDetails(rows, neutral);
  const cut: string[] = [];
  for (const { detail, gaveWay } of LEVELS) {
    if (gaveWay !== '' && cut.at(-1) !== gaveWay) cut.push(gaveWay);
    const parts = sections(input, { rows, neutral, details }, detail);
    const note = cut.length === 0 ? [] : [`Shortened to fit: ${enumerate(cut, 20)}. The whole is in ${whole}.`];
    const text = [...parts, ...note].filter((part) => part !== '').join('\n\n');
    // A job summary is measured in bytes, a comment in characters: bytes are the stricter measure.
    if (Buffer.byteLength(text) <= limit || (limit < SUMMARY_LIMIT && text.length <= limit)) return { text, cut };
  }
  return {
    text: `${verdictLine(input, neutral)}\n\nToo much to show here. The whole is in ${whole}.`,
    cut: ['everything'],
  };
}

/** What is made of the plans once, however often they are written. */
interface Prepared {
  readonly rows: readonly StackRow[];
  readonly neutral: Neutral;
  readonly details: readonly PreparedDetails[];
}

const sections = (input: Content, { rows, neutral, details }: Prepared, detail: Detail): string[] => [
  verdictLine(input, neutral),
  failuresSection(input, neutral, detail),
  matrixSection(input, rows, detail),
  warningsSection(input, neutral, detail),
  configSection(input, detail),
  detail.stacks ? detailsOf(details, input.plans.length, detail) : '',
];

const quietLine = ({ plans }: Content): string =>
  `**No changes** in ${enumerate(
    plans.map(({ environment }) => `\`${safeName(environment)}\``),
    10,
  )}: what is deployed is what this commit makes.`;

function footerOf({ commit, time, replacedVersions, summaryUrl }: CommentInput): string {
  const made = `Commit \`${safeName(commit).slice(0, 40)}\` · planned ${time.toISOString().replace(/\.\d+Z$/, 'Z')}`;
  const replaced =
    replacedVersions === 0 ? '' : ` · replaces ${replacedVersions} earlier version${replacedVersions === 1 ? '' : 's'}`;
  const run = summaryUrl === undefined ? '' : ` · ${link(summaryUrl, 'run')}`;
  return `<sub>${made}${replaced}${run}</sub>`;
}

/** Names that are ours by rule; a plan from elsewhere might hold anything. */
const safeName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 64) || 'unknown';

/** The address of a run of GitHub Actions: `https://github.com/owner/name/actions/runs/1`, with an attempt or a part. */
const RUN = /^https?:\/\/[A-Za-z0-9.:-]+\/[\w.-]+\/[\w.-]+\/actions\/runs\/\d+(\/attempts\/\d+)?(#[\w-]*)?$/;

/** A link only to a run; plain words for anything else. */
const link = (url: string | undefined, text: string): string =>
  url !== undefined && RUN.test(url) ? `[${text}](${url})` : text;
