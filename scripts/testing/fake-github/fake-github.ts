/**
 * A small GitHub over real HTTP: what the adapter and the set-up ask of its REST API, with pages, permissions, the
 * refusals it documents, rate limits, and answers that get lost.
 *
 *     const fake = await FakeGitHub.start();
 *     const token = fake.addToken({ permissions: { pull_requests: 'write' } });
 *     const number = fake.addPullRequest();
 *     fake.faults.next({ kind: 'lost-answer', on: [POST_COMMENT] });
 *     await comment({ baseUrl: fake.endpoint, repository: fake.name, token });
 *     assert.equal(fake.comments(number).length, 1);
 *     await fake.close();
 */
import type { Server } from 'node:http';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import type { AccessLevel, Permission } from './permissions.ts';
import type { FakeRoute } from './router.ts';
import type { Route } from './routes.ts';
import { startServer } from './server.ts';
import { FakeStorage } from './storage.ts';
import {
  type FakeArtifact,
  type FakeComment,
  type FakeCommit,
  type FakeFile,
  type FakeIssue,
  type FakeRepository,
  type FakeRun,
  World,
} from './world.ts';

/** Who a job's own token is. */
export const JOB_BOT = 'github-actions[bot]';

export interface PlacedPullRequest {
  readonly title?: string;
  readonly author?: string;
  readonly labels?: readonly string[];
  readonly draft?: boolean;
  readonly files?: readonly FakeFile[];
  /** The branch it is merged into; the default one when left out. */
  readonly base?: string;
  /** How many commits it brings; 1 when left out. */
  readonly commits?: number;
  /** Its last commit; one of the fake's own when left out. */
  readonly sha?: string;
  /** Its branch. */
  readonly ref?: string;
  /** Of a fork, when another than the base's; null for one that is deleted. */
  readonly headRepository?: string | null;
}

export interface PlacedIssue {
  readonly title?: string;
  readonly body?: string;
  readonly author?: string;
  readonly labels?: readonly string[];
  readonly state?: 'open' | 'closed';
}

export interface PlacedRun {
  /** Path of the workflow's file. */
  readonly workflow: string;
  readonly event: string;
  readonly ref: string;
  readonly headSha: string;
  readonly actor: string;
  /** Of a fork, when another than the fake's own. */
  readonly headRepository?: string;
}

export interface PlacedToken {
  readonly permissions?: Readonly<Partial<Record<Permission, AccessLevel>>>;
  /** The job's bot when left out; a person's name makes it a personal access token. */
  readonly login?: string;
  /** The fake's own repository when left out. */
  readonly repositories?: readonly string[];
}

export interface Settings {
  /** `example/trading-platform` when left out. */
  readonly name?: string;
  readonly private?: boolean;
  readonly plan?: FakeRepository['plan'];
}

export class FakeGitHub {
  readonly endpoint: string;
  /** `OWNER/NAME` */
  readonly name: string;
  readonly repository: FakeRepository;
  readonly world: World;
  readonly faults: Faults;
  readonly journal: Journal;
  private readonly server: Server;
  private readonly hooks = new Map<Route, (() => void)[]>();

  private constructor(
    parts: Pick<FakeGitHub, 'endpoint' | 'repository' | 'world' | 'faults' | 'journal'>,
    server: Server,
  ) {
    this.endpoint = parts.endpoint;
    this.repository = parts.repository;
    this.name = `${parts.repository.owner}/${parts.repository.name}`;
    this.world = parts.world;
    this.faults = parts.faults;
    this.journal = parts.journal;
    this.server = server;
  }

  static async start(settings: Settings = {}): Promise<FakeGitHub> {
    const world = new World(await FakeStorage.start());
    const repository = newRepository(world, settings);
    const [faults, journal] = [new Faults(), new Journal()];
    // The server calls back into the fake, which needs the server's address to exist.
    const running: { fake?: FakeGitHub } = {};
    const beforeCall = (route: Route): void => running.fake?.hooks.get(route)?.shift()?.();
    const { server, endpoint } = await startServer({ world, faults, journal, beforeCall });
    running.fake = new FakeGitHub({ endpoint, repository, world, faults, journal }, server);
    return running.fake;
  }

  async close(): Promise<void> {
    await this.world.storage.close();
    this.server.closeAllConnections();
    await new Promise<void>((resolve, reject) => this.server.close((error) => (error ? reject(error) : resolve())));
  }

  /** Lets somebody else act just before the next call of this route is carried out; several are taken in order. */
  before(route: FakeRoute, act: () => void): void {
    this.hooks.set(route, [...(this.hooks.get(route) ?? []), act]);
  }

  /** @returns the token's value */
  addToken({ permissions = {}, login = JOB_BOT, repositories = [this.name] }: PlacedToken = {}): string {
    const holder = this.world.user(login);
    const value = `token-${this.world.newId()}`;
    const kind = holder.type === 'Bot' ? 'integration' : 'personal access token';
    this.world.tokens.push({ value, holder, kind, repositories, permissions });
    return value;
  }

  /** @returns its number */
  addIssue(placed: PlacedIssue = {}): number {
    return this.push(placed, undefined).number;
  }

  /** @returns its number */
  addPullRequest(placed: PlacedPullRequest = {}): number {
    const { files = [], commits = 1, draft = false, headRepository = this.name } = placed;
    const own: FakeCommit[] = [];
    for (let count = 0; count < commits; count += 1) {
      const parents = [own.at(-1)?.sha ?? this.tip()];
      const sha = count === commits - 1 ? placed.sha : undefined;
      own.push({ sha: sha ?? this.world.newSha(), message: `change ${count + 1}`, parents, pulls: [] });
    }
    return this.push(placed, {
      head: { ref: placed.ref ?? 'change', sha: own.at(-1)?.sha ?? this.tip(), repository: headRepository },
      base: { ref: placed.base ?? this.repository.defaultBranch, sha: this.tip() },
      files,
      commits: own,
      draft,
      mergedAt: null,
      mergeCommit: null,
    }).number;
  }

  /** Squashes it into the default branch. @param commit the fake's own when left out. @returns the commit */
  merge(number: number, commit?: string): string {
    const request = this.repository.issues.find((issue) => issue.number === number);
    if (request?.pull === undefined) throw new Error(`No pull request ${number}.`);
    const sha = this.addCommit(`${request.title} (#${number})`, [number], commit);
    request.pull.mergedAt = this.world.now();
    request.pull.mergeCommit = sha;
    request.state = 'closed';
    request.closedAt = request.pull.mergedAt;
    return sha;
  }

  /** A commit on the default branch. @returns it */
  addCommit(message = 'change', pulls: readonly number[] = [], sha = this.world.newSha()): string {
    this.repository.commits.push({ sha, message, parents: [this.tip()], pulls });
    return sha;
  }

  /** A run that has begun. */
  addRun(placed: PlacedRun): FakeRun {
    const run: FakeRun = {
      headRepository: this.name,
      ...placed,
      id: this.world.newId(),
      createdAt: this.world.now(),
      actor: this.world.user(placed.actor),
      waiting: new Map(),
    };
    this.repository.runs.push(run);
    return run;
  }

  /** @param content the archive; what the list says of its size is its length when left out */
  keepArtifact(run: FakeRun, name: string, content: Uint8Array, size = content.length): FakeArtifact {
    const [id, createdAt] = [this.world.newId(), this.world.now()];
    const artifact: FakeArtifact = { id, run: run.id, name, createdAt, content, size, expired: false };
    this.repository.artifacts.push(artifact);
    return artifact;
  }

  addComment(issue: number, { body = 'A comment.', author = 'somebody' } = {}): FakeComment {
    const now = this.world.now();
    const id = this.world.newId();
    const comment = { id, issue, author: this.world.user(author), body, createdAt: now, updatedAt: now };
    this.repository.comments.push(comment);
    return comment;
  }

  comments(issue: number, author?: string): FakeComment[] {
    return this.repository.comments.filter(
      (comment) => comment.issue === issue && (author === undefined || comment.author.login === author),
    );
  }

  issues(): FakeIssue[] {
    return this.repository.issues.filter(({ pull }) => pull === undefined);
  }

  private tip(): string {
    return this.repository.commits.at(-1)?.sha ?? '0'.repeat(40);
  }

  private push(placed: PlacedIssue, pull: FakeIssue['pull']): FakeIssue {
    const number = this.repository.issues.length + 1;
    const now = this.world.now();
    const state = placed.state ?? 'open';
    const issue: FakeIssue = {
      number,
      id: this.world.newId(),
      author: this.world.user(placed.author ?? 'somebody'),
      title: placed.title ?? `Number ${number}`,
      body: placed.body ?? null,
      state,
      stateReason: state === 'closed' ? 'completed' : null,
      labels: [...(placed.labels ?? [])],
      createdAt: now,
      updatedAt: now,
      closedAt: state === 'closed' ? now : null,
      pull,
    };
    this.repository.issues.push(issue);
    return issue;
  }
}

function newRepository(world: World, settings: Settings): FakeRepository {
  const [owner = '', name = ''] = (settings.name ?? 'example/trading-platform').split('/');
  world.user(owner);
  const repository: FakeRepository = {
    id: world.newId(),
    owner,
    name,
    private: settings.private ?? true,
    plan: settings.plan ?? 'enterprise',
    hasIssues: true,
    archived: false,
    defaultBranch: 'main',
    issues: [],
    comments: [],
    labels: new Set(),
    commits: [{ sha: world.newSha(), message: 'first', parents: [], pulls: [] }],
    environments: new Map(),
    variables: new Map(),
    rulesets: [],
    deployments: [],
    runs: [],
    artifacts: [],
    actions: { enabled: true, allowed_actions: 'all', sha_pinning_required: false },
    selectedActions: { github_owned_allowed: true, verified_allowed: false, patterns_allowed: [] },
    workflowPermissions: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
    oidcSubject: { use_default: true },
    knowsAdminBypass: true,
    ownerErrors: [],
  };
  world.repositories.push(repository);
  return repository;
}
