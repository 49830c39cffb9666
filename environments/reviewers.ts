/**
 * Whose word GitHub asks for: who lets a release into an environment, and who lets a rollback go. One zod schema, from
 * which the type is inferred and `schema/reviewers.schema.json` is generated. Pure.
 *
 * Why it is no part of an environment's file: people come and go, and a release must not change with them.
 */
import { z } from 'zod';
import type { EnvironmentConfig } from './environment-config.ts';

/** https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers */
export const MOST_REVIEWERS = 6;

/** What GitHub takes for a ruleset: https://docs.github.com/en/rest/repos/rules */
const MOST_APPROVALS = 10;

/** Written as in CODEOWNERS, so that one notation names people everywhere. */
const reviewer = z
  .string()
  .regex(/^@[a-zA-Z\d](?:[a-zA-Z\d-]{0,38})(?:\/[\w.-]{1,100})?$/)
  .meta({ patternErrorMessage: 'a user as "@login", or a team as "@organization/team"' })
  .describe('Who may approve: a user or a team that may read the repository');

const reviewers = (what: string) =>
  z.array(reviewer).min(1).max(MOST_REVIEWERS).describe(`${what}; the word of one is enough`);

const approvers = reviewers(
  'Who lets a release into an environment with promotion.approval, never the one who started it',
);
const onCall = reviewers('Who lets a rollback go, also one they started themselves');

export const reviewersSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For the editor only'),
    pullRequestApprovals: z
      .int()
      .min(1)
      .max(MOST_APPROVALS)
      .describe('How many people approve a pull request before it is merged; code owners are asked besides'),
    approvers,
    onCall,
    exceptions: z
      .array(
        z
          .strictObject({
            environment: z.string().describe('The name of an environment'),
            approvers: approvers.optional(),
            onCall: onCall.optional(),
          })
          .describe('Other people for one environment'),
      )
      .default([])
      .describe('Environments that ask other people'),
  })
  .meta({ title: 'Reviewers of the trading platform' });

export type ReviewersConfig = Omit<z.infer<typeof reviewersSchema>, '$schema'>;

/** `@login` or `@organization/team`, as written. */
export interface EnvironmentReviewers {
  /** Empty where nobody is asked. */
  readonly approvers: readonly string[];
  readonly onCall: readonly string[];
}

/** Whom GitHub asks for this environment. */
export function reviewersOf(
  { name, promotion }: Pick<EnvironmentConfig, 'name' | 'promotion'>,
  config: ReviewersConfig,
): EnvironmentReviewers {
  const exception = config.exceptions.find(({ environment }) => environment === name);
  return {
    approvers: promotion.approval ? (exception?.approvers ?? config.approvers) : [],
    onCall: exception?.onCall ?? config.onCall,
  };
}
