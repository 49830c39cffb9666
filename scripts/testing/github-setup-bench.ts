/** `github:setup` on a repository of the fake GitHub: runs the verb and tells what it wrote. */
import assert from 'node:assert/strict';
import type { CommandResult } from '../adapters/cli/command.ts';
import type { GitHub } from '../adapters/github/client.ts';
import { PlainReporter } from '../adapters/reporter/plain.ts';
import { run } from '../commands/github-setup/run.ts';
import { setUpRepository, type WantedInput } from '../operations/set-up-repository.ts';
import type { FakeGitHub, PlacedToken } from './fake-github/fake-github.ts';
import type { FakeEnvironment, FakeRepository } from './fake-github/world.ts';
import { openRepository, type RepositoryOptions } from './github-repository.ts';

export type ToldSetup = CommandResult & {
  /** `put /environments/prod 200`, in their order. */
  readonly writes: readonly string[];
  /** Of the document: what became of each change, by its subject. */
  readonly states: Readonly<Record<string, string>>;
  /** What was shown before anything was written. */
  readonly said: string;
};

export interface SetupBench {
  readonly fake: FakeGitHub;
  readonly repository: FakeRepository;
  readonly wanted: WantedInput;
  setUp(options?: { dryRun?: boolean; client?: GitHub; input?: WantedInput }): Promise<ToldSetup>;
  /** @throws AssertionError when it is not there */
  environment(name: string): FakeEnvironment;
  /** Logins and slugs of its reviewers. */
  reviewers(environment: string): readonly (string | undefined)[];
  as(token: PlacedToken): GitHub;
}

/** The bench that is open; its fake is closed by whoever opened it. */
export async function openSetup(options: RepositoryOptions = {}): Promise<SetupBench> {
  const { fake, github, wanted, as } = await openRepository(options);
  const environment = (name: string): FakeEnvironment => {
    const found = fake.repository.environments.get(name);
    assert.ok(found, `${name} is there`);
    return found;
  };
  return {
    fake,
    repository: fake.repository,
    wanted,
    as,
    environment,
    reviewers: (name) =>
      environment(name).reviewers.map(({ type, id }) =>
        type === 'Team'
          ? fake.world.teams.find((team) => team.id === id)?.slug
          : fake.world.users.find((user) => user.id === id)?.login,
      ),
    setUp: async ({ dryRun = false, client = github, input = wanted } = {}) => {
      fake.journal.clear();
      let said = '';
      const reporter = new PlainReporter({ write: (text: string) => (said += text) });
      const result = await run(
        { dryRun, environmentNames: [] },
        { reporter, setUp: (setUpOptions) => setUpRepository(client, input, setUpOptions) },
      );
      const changes = result.document['changes'] as readonly { readonly subject: string; readonly state: string }[];
      return {
        ...result,
        said,
        states: Object.fromEntries(changes.map(({ subject, state }) => [subject, state])),
        writes: fake.journal.mutations().map((line) => line.replace(/\/repos\/[^/]+\/[^/]+/, '')),
      };
    },
  };
}
