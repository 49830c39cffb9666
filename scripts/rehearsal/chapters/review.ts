/** A person lets a job go, by the call the button of GitHub's page makes. */
import type { WantedReview } from '../run-types.ts';
import type { Story } from '../story.ts';

/** @returns whether GitHub took it */
export async function review(
  { world: { github, timeline } }: Story,
  { environment, runId }: WantedReview,
  login: string,
  comment: string,
): Promise<boolean> {
  const token = github.addToken({ login, permissions: { actions: 'read', deployments: 'write' } });
  const id = github.repository.environments.get(environment.toLowerCase())?.id;
  const response = await fetch(`${github.endpoint}/repos/${github.name}/actions/runs/${runId}/pending_deployments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ environment_ids: [id], state: 'approved', comment }),
  });
  if (response.status !== 200) {
    timeline.add({
      kind: 'approval',
      lane: environment.replace(/-rollback$/, ''),
      title: `${login} may not approve`,
      detail: ((await response.json()) as { message: string }).message,
      status: 'refused',
    });
  }
  return response.status === 200;
}
