/** What a drift check wants of the environment's issue. Pure. */
import { renderDriftIssue } from './render/markdown.ts';
import { type DriftReport, isAnswered } from './report.ts';

export interface DriftIssue {
  readonly environment: string;
  readonly wanted:
    | { readonly state: 'open'; readonly title: string; readonly body: string }
    | { readonly state: 'closed'; readonly body?: string };
}

/**
 * Open while the check does not pass. Closed when it passes and all was answered: what could not be looked at may still
 * drift, so then an issue stays as it is; also where nothing could be looked at, as while a deployment is at work. Null:
 * leave it.
 */
export function wantedIssue(report: DriftReport): DriftIssue | null {
  const { environment, ok, unknown } = report;
  if (!isAnswered(report)) return null;
  if (!ok) return { environment, wanted: { state: 'open', ...renderDriftIssue(report) } };
  return unknown.some(({ excuse }) => excuse === null) ? null : { environment, wanted: { state: 'closed' } };
}
