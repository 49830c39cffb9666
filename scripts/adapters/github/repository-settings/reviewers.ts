/**
 * Reviewers by name → by id, as GitHub wants them. All of those it does not know are named together, before anything is
 * changed.
 */
import { EXIT, GitOpsError } from '../../../core/errors.ts';
import type { ReviewerName } from '../../../core/github-settings/settings.ts';
import type { GitHub } from '../client.ts';
import { GitHubCallError } from '../failure.ts';

export interface ReviewerId {
  readonly type: 'User' | 'Team';
  readonly id: number;
}
export type ReviewerIds = ReadonlyMap<ReviewerName, ReviewerId>;

/** Thrown when the reviewers' file names somebody GitHub does not know, or the token may not see. Exit 2. */
export class UnknownReviewersError extends GitOpsError {
  constructor(names: readonly string[], file: string, organization: string) {
    const lines = names.map((name) => {
      const team = name.includes('/');
      const elsewhere = team && !name.startsWith(`@${organization.toLowerCase()}/`);
      return `  ${name}: ${
        elsewhere
          ? `a team must be of ${organization}, which owns the repository`
          : team
            ? 'no such team, or the token lacks the organization permission members: read'
            : 'no such user'
      }`;
    });
    super(`${file} names reviewers GitHub does not know:\n${lines.join('\n')}\nCorrect the file, then run it again.`, {
      code: 'UNKNOWN_REVIEWERS',
      source: 'user',
      exitCode: EXIT.usage,
    });
  }
}

/**
 * @param file what messages call the file the names are from
 * @throws UnknownReviewersError; GitHubCallError where GitHub can't be asked
 */
export async function resolveReviewers(
  github: GitHub,
  names: readonly ReviewerName[],
  file: string,
): Promise<ReviewerIds> {
  const all = [...new Set(names)];
  const found = await Promise.all(all.map(async (name) => [name, await find(github, name)] as const));
  const unknown = found.filter(([, id]) => id === undefined).map(([name]) => name);
  if (unknown.length > 0) throw new UnknownReviewersError(unknown, file, github.place.owner);
  return new Map(found.flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const])));
}

async function find({ octokit, place }: GitHub, name: ReviewerName): Promise<ReviewerId | undefined> {
  const [owner = '', team] = name.slice(1).split('/');
  if (team !== undefined && owner !== place.owner.toLowerCase()) return undefined;
  try {
    if (team === undefined) {
      return { type: 'User', id: Number((await octokit.rest.users.getByUsername({ username: owner })).data.id) };
    }
    const { data } = await octokit.rest.teams.getByName({ org: place.owner, team_slug: team });
    return { type: 'Team', id: Number(data.id) };
  } catch (error) {
    if (error instanceof GitHubCallError && (error.kind === 'not-found' || error.kind === 'forbidden'))
      return undefined;
    throw error;
  }
}
