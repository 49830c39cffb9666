/**
 * Variables of a repository and of an environment: 10 a page, names without case, 48 KB a value.
 *
 * Source: https://docs.github.com/en/rest/actions/variables
 */
import { environmentOf } from './environment-handlers.ts';
import { found, type Handlers, page, required } from './handlers.ts';
import { reads, writes } from './permissions.ts';
import { refuse } from './refusals.ts';
import type { Schema } from './routes.ts';
import type { FakeVariable, World } from './world.ts';

const PAGE = 10;
const LARGEST_VALUE = 48 * 1024;

type Input = { readonly name?: string; readonly value?: string };
type Variables = Map<string, FakeVariable>;

function checkName(name: string): string {
  if (!/^[A-Z_][A-Z0-9_]*$/i.test(name)) {
    throw refuse.unprocessable(
      'Variable names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).',
    );
  }
  if (/^GITHUB_/i.test(name)) throw refuse.unprocessable('Variable names must not start with GITHUB_.');
  return name.toUpperCase();
}

function checkValue(value: string): string {
  if (Buffer.byteLength(value) > LARGEST_VALUE)
    throw refuse.unprocessable('Variable value is too large (limit is 48 KB).');
  return value;
}

function create(world: World, variables: Variables, input: Input): void {
  const name = checkName(required(input.name, 'Variable', 'name'));
  const value = checkValue(required(input.value, 'Variable', 'value'));
  if (variables.has(name)) throw refuse.conflict('Already exists - Variable already exists');
  const now = world.now();
  variables.set(name, { name, value, createdAt: now, updatedAt: now });
}

function update(world: World, variables: Variables, current: string, input: Input): void {
  const before = get(variables, current);
  const name = checkName(input.name ?? before.name);
  if (name !== before.name && variables.has(name)) throw refuse.conflict('Already exists - Variable already exists');
  variables.delete(before.name);
  variables.set(name, { ...before, name, value: checkValue(input.value ?? before.value), updatedAt: world.now() });
}

const get = (variables: Variables, name: string): FakeVariable => found(variables.get(name.toUpperCase()));

const render = ({ name, value, createdAt, updatedAt }: FakeVariable): Schema<'actions-variable'> => ({
  name,
  value,
  created_at: createdAt,
  updated_at: updatedAt,
});

function list(variables: Variables, call: { readonly url: URL }) {
  const all = [...variables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  // Unlike other lists, this one gives 30 at most: https://docs.github.com/en/rest/actions/variables
  if (Number(call.url.searchParams.get('per_page')) > 30) call.url.searchParams.set('per_page', '30');
  const { items, link } = page(all, call, PAGE);
  return { status: 200 as const, body: { total_count: all.length, variables: items.map(render) }, link };
}

const DONE = { status: 204, body: undefined } as const;
const CREATED = { status: 201, body: {} } as const;

export const variableHandlers = {
  'get /repos/{owner}/{repo}/actions/variables': {
    needs: reads('variables'),
    answer: (call) => list(call.repository.variables, call),
  },
  'post /repos/{owner}/{repo}/actions/variables': {
    needs: writes('variables'),
    answer({ world, repository, body }) {
      create(world, repository.variables, body);
      return CREATED;
    },
  },
  'get /repos/{owner}/{repo}/actions/variables/{name}': {
    needs: reads('variables'),
    answer: ({ repository, path }) => ({ status: 200, body: render(get(repository.variables, path.name)) }),
  },
  'patch /repos/{owner}/{repo}/actions/variables/{name}': {
    needs: writes('variables'),
    answer({ world, repository, path, body }) {
      update(world, repository.variables, path.name, body);
      return DONE;
    },
  },
  'delete /repos/{owner}/{repo}/actions/variables/{name}': {
    needs: writes('variables'),
    answer({ repository, path }) {
      repository.variables.delete(get(repository.variables, path.name).name);
      return DONE;
    },
  },
  'get /repos/{owner}/{repo}/environments/{environment_name}/variables': {
    needs: reads('environments'),
    answer: (call) => list(environmentOf(call.repository, call.path.environment_name).variables, call),
  },
  'post /repos/{owner}/{repo}/environments/{environment_name}/variables': {
    needs: writes('environments'),
    answer({ world, repository, path, body }) {
      create(world, environmentOf(repository, path.environment_name).variables, body);
      return CREATED;
    },
  },
  'get /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}': {
    needs: reads('environments'),
    answer({ repository, path }) {
      return { status: 200, body: render(get(environmentOf(repository, path.environment_name).variables, path.name)) };
    },
  },
  'patch /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}': {
    needs: writes('environments'),
    answer({ world, repository, path, body }) {
      update(world, environmentOf(repository, path.environment_name).variables, path.name, body);
      return DONE;
    },
  },
  'delete /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}': {
    needs: writes('environments'),
    answer({ repository, path }) {
      const { variables } = environmentOf(repository, path.environment_name);
      variables.delete(get(variables, path.name).name);
      return DONE;
    },
  },
} as const satisfies Handlers;
