/**
 * Deployments and their statuses.
 *
 * Source: https://docs.github.com/en/rest/deployments/deployments and …/deployments/statuses
 */
import { found, type Handlers, page, required } from './handlers.ts';
import { reads, writes } from './permissions.ts';
import { nodeId, renderUser, repositoryUrl } from './render-repository.ts';
import type { Schema } from './routes.ts';
import type { FakeDeployment, FakeRepository, World } from './world.ts';

const deploymentOf = ({ deployments }: FakeRepository, id: number): FakeDeployment =>
  found(deployments.find((deployment) => deployment.id === id));

const urlOf = (world: World, repository: FakeRepository, { id }: FakeDeployment): string =>
  `${repositoryUrl(world, repository)}/deployments/${id}`;

export function renderDeployment(
  world: World,
  repository: FakeRepository,
  deployment: FakeDeployment,
): Schema<'deployment'> {
  const { id, sha, ref, environment, description, creator, createdAt, statuses } = deployment;
  return {
    url: urlOf(world, repository, deployment),
    id,
    node_id: nodeId('Deployment', id),
    sha,
    ref,
    task: 'deploy',
    payload: {},
    original_environment: environment,
    environment,
    description,
    creator: renderUser(world, creator),
    created_at: createdAt,
    updated_at: statuses.at(-1)?.createdAt ?? createdAt,
    statuses_url: `${urlOf(world, repository, deployment)}/statuses`,
    repository_url: repositoryUrl(world, repository),
  };
}

function renderStatus(
  world: World,
  repository: FakeRepository,
  deployment: FakeDeployment,
  status: FakeDeployment['statuses'][number],
): Schema<'deployment-status'> {
  const url = urlOf(world, repository, deployment);
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: renderUser(world, status.creator),
    description: status.description,
    environment: deployment.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryUrl(world, repository),
  };
}

export const deploymentHandlers = {
  'get /repos/{owner}/{repo}/deployments': {
    needs: reads('deployments'),
    answer(call) {
      const { world, repository, query } = call;
      const matching = repository.deployments
        .filter(({ environment }) => query.environment === undefined || environment === query.environment)
        .filter(({ sha }) => query.sha === undefined || sha === query.sha)
        .filter(({ ref }) => query.ref === undefined || ref === query.ref)
        .toReversed();
      const { items, link } = page(matching, call);
      return { status: 200, body: items.map((deployment) => renderDeployment(world, repository, deployment)), link };
    },
  },
  'post /repos/{owner}/{repo}/deployments': {
    needs: writes('deployments'),
    answer({ world, repository, caller, body }) {
      const ref = required(body.ref, 'Deployment', 'ref');
      const commit = ref === repository.defaultBranch ? repository.commits.at(-1)?.sha : ref;
      const deployment: FakeDeployment = {
        id: world.newId(),
        sha: commit ?? ref,
        ref,
        environment: body.environment ?? 'production',
        description: body.description ?? null,
        creator: caller,
        createdAt: world.now(),
        statuses: [],
      };
      repository.deployments.push(deployment);
      return { status: 201, body: renderDeployment(world, repository, deployment) };
    },
  },
  'get /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
    needs: reads('deployments'),
    answer(call) {
      const { world, repository, path } = call;
      const deployment = deploymentOf(repository, path.deployment_id);
      const { items, link } = page(deployment.statuses.toReversed(), call);
      return { status: 200, body: items.map((status) => renderStatus(world, repository, deployment, status)), link };
    },
  },
  'post /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
    needs: writes('deployments'),
    answer({ world, repository, path, caller, body }) {
      const deployment = deploymentOf(repository, path.deployment_id);
      const status = {
        id: world.newId(),
        state: required(body.state, 'DeploymentStatus', 'state'),
        description: body.description ?? '',
        environmentUrl: body.environment_url ?? '',
        logUrl: body.log_url ?? body.target_url ?? '',
        creator: caller,
        createdAt: world.now(),
      };
      deployment.statuses.push(status);
      return { status: 201, body: renderStatus(world, repository, deployment, status) };
    },
  },
} as const satisfies Handlers;
