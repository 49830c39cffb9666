/**
 * Rulesets of a repository. A private one has none on the free plan.
 *
 * Source: https://docs.github.com/en/rest/repos/rules
 */
import { found, type Handlers, page, required } from './handlers.ts';
import { METADATA, writes } from './permissions.ts';
import { refuse } from './refusals.ts';
import type { BodyOf, Schema } from './routes.ts';
import type { FakeRepository, World } from './world.ts';

type Input = Partial<BodyOf<'post /repos/{owner}/{repo}/rulesets'>>;

function needPlan({ private: hidden, plan }: FakeRepository): void {
  if (hidden && plan === 'free') throw refuse.upgradeNeeded();
}

function checkName({ rulesets }: FakeRepository, name: string, but?: number): string {
  if (rulesets.some((ruleset) => ruleset.name === name && ruleset.id !== but)) {
    throw refuse.invalidField('RepositoryRuleset', 'name', 'Name must be unique');
  }
  return name;
}

function build(world: World, { owner, name }: FakeRepository, input: Input, before?: Schema<'repository-ruleset'>) {
  const now = world.now();
  const made: Schema<'repository-ruleset'> = {
    id: before?.id ?? world.newId(),
    name: input.name ?? before?.name ?? '',
    target: input.target ?? before?.target ?? 'branch',
    source_type: 'Repository',
    source: `${owner}/${name}`,
    enforcement: input.enforcement ?? before?.enforcement ?? 'disabled',
    bypass_actors: input.bypass_actors ?? before?.bypass_actors ?? [],
    conditions: input.conditions ?? before?.conditions ?? { ref_name: { include: [], exclude: [] } },
    rules: input.rules ?? before?.rules ?? [],
    created_at: before?.created_at ?? now,
    updated_at: now,
  };
  return made;
}

const rulesetOf = ({ rulesets }: FakeRepository, id: number): Schema<'repository-ruleset'> =>
  found(rulesets.find((ruleset) => ruleset.id === id));

export const rulesetHandlers = {
  'get /repos/{owner}/{repo}/rulesets': {
    needs: METADATA,
    answer(call) {
      needPlan(call.repository);
      const { items, link } = page(call.repository.rulesets, call);
      // The list leaves out what a ruleset consists of; one has to be read by its id.
      const body = items.map(({ rules, conditions, bypass_actors, ...short }) => short);
      return { status: 200, body, link };
    },
  },
  'post /repos/{owner}/{repo}/rulesets': {
    needs: writes('administration'),
    answer({ world, repository, body }) {
      needPlan(repository);
      checkName(repository, required(body.name, 'RepositoryRuleset', 'name'));
      required(body.enforcement, 'RepositoryRuleset', 'enforcement');
      const made = build(world, repository, body);
      repository.rulesets.push(made);
      return { status: 201, body: made };
    },
  },
  'get /repos/{owner}/{repo}/rulesets/{ruleset_id}': {
    needs: METADATA,
    answer({ repository, path }) {
      needPlan(repository);
      return { status: 200, body: rulesetOf(repository, path.ruleset_id) };
    },
  },
  'put /repos/{owner}/{repo}/rulesets/{ruleset_id}': {
    needs: writes('administration'),
    answer({ world, repository, path, body }) {
      needPlan(repository);
      const before = rulesetOf(repository, path.ruleset_id);
      if (body.name !== undefined) checkName(repository, body.name, before.id);
      const made = build(world, repository, body as Input, before);
      repository.rulesets.splice(repository.rulesets.indexOf(before), 1, made);
      return { status: 200, body: made };
    },
  },
  'delete /repos/{owner}/{repo}/rulesets/{ruleset_id}': {
    needs: writes('administration'),
    answer({ repository, path }) {
      const { rulesets } = repository;
      rulesets.splice(rulesets.indexOf(rulesetOf(repository, path.ruleset_id)), 1);
      return { status: 204, body: undefined };
    },
  },
} as const satisfies Handlers;
