/**
 * What the fake remembers: repositories with issues, pull requests, comments, environments and settings; users, teams
 * and tokens. Time in it is a counter, so that two runs of a test see the same dates and ids.
 */
import type { AccessLevel, Permission } from './permissions.ts';
import type { Schema } from './routes.ts';
import type { FakeStorage } from './storage.ts';

export interface FakeUser {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
}

export interface FakeTeam {
  readonly slug: string;
  readonly id: number;
  readonly organization: string;
  /** Logins; who may approve for it. */
  readonly members?: readonly string[];
}

export interface FakeToken {
  readonly value: string;
  readonly holder: FakeUser;
  /** `integration`: GITHUB_TOKEN of a job or an app's token. */
  readonly kind: 'integration' | 'personal access token';
  readonly repositories: readonly string[];
  readonly permissions: Readonly<Partial<Record<Permission, AccessLevel>>>;
}

export interface FakeComment {
  readonly id: number;
  readonly issue: number;
  readonly author: FakeUser;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
}

export interface FakePull {
  /** `repository` is null once a fork is deleted. */
  readonly head: { readonly ref: string; sha: string; readonly repository: string | null };
  readonly base: { readonly ref: string; readonly sha: string };
  readonly files: readonly FakeFile[];
  readonly commits: readonly FakeCommit[];
  draft: boolean;
  mergedAt: string | null;
  mergeCommit: string | null;
}

export interface FakeFile {
  readonly path: string;
  readonly status: Schema<'diff-entry'>['status'];
  readonly previousPath?: string;
}

/** GitHub numbers issues and pull requests together; a pull request is an issue with something more. */
export interface FakeIssue {
  readonly number: number;
  readonly id: number;
  readonly author: FakeUser;
  readonly createdAt: string;
  readonly pull: FakePull | undefined;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: Schema<'issue'>['state_reason'];
  labels: string[];
  updatedAt: string;
  closedAt: string | null;
}

export interface FakeCommit {
  readonly sha: string;
  readonly message: string;
  readonly parents: readonly string[];
  /** Numbers of the pull requests that brought it. */
  readonly pulls: readonly number[];
}

export interface FakeEnvironment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  updatedAt: string;
  waitTimer: number;
  preventSelfReview: boolean;
  adminsBypass: boolean;
  reviewers: { readonly type: 'User' | 'Team'; readonly id: number }[];
  branchPolicy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
  readonly policies: { readonly id: number; name: string; readonly type: 'branch' | 'tag' }[];
  readonly variables: Map<string, FakeVariable>;
}

export interface FakeVariable {
  readonly name: string;
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface FakeDeployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly description: string | null;
  readonly creator: FakeUser;
  readonly createdAt: string;
  readonly statuses: {
    readonly id: number;
    readonly state: Schema<'deployment-status'>['state'];
    readonly description: string;
    readonly environmentUrl: string;
    readonly logUrl: string;
    readonly creator: FakeUser;
    readonly createdAt: string;
  }[];
}

/** A run of a workflow. */
export interface FakeRun {
  readonly id: number;
  /** Path of its file. */
  readonly workflow: string;
  readonly event: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly headSha: string;
  /** `OWNER/NAME` of where the head is: a fork's own. */
  readonly headRepository: string;
  readonly createdAt: string;
  /** Who began it. */
  readonly actor: FakeUser;
  /** Jobs that wait for a person, by the name of their environment. */
  readonly waiting: Map<string, { readonly since: string; review: FakeReview | undefined }>;
}

/** What a run kept. */
export interface FakeArtifact {
  readonly id: number;
  readonly run: number;
  readonly name: string;
  readonly createdAt: string;
  /** The archive as storage gives it. */
  readonly content: Uint8Array;
  /** What the list says of it. */
  readonly size: number;
  /** Its days are over: still listed, no longer there. */
  expired: boolean;
}

export interface FakeReview {
  readonly state: 'approved' | 'rejected';
  readonly by: FakeUser;
  readonly comment: string;
}

export interface FakeRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  /** Of the owner: decides which protections a private repository can have. */
  readonly plan: 'free' | 'pro' | 'team' | 'enterprise';
  hasIssues: boolean;
  archived: boolean;
  readonly defaultBranch: string;
  readonly issues: FakeIssue[];
  readonly comments: FakeComment[];
  readonly labels: Set<string>;
  /** Oldest first. */
  readonly commits: FakeCommit[];
  readonly environments: Map<string, FakeEnvironment>;
  readonly variables: Map<string, FakeVariable>;
  readonly rulesets: Schema<'repository-ruleset'>[];
  readonly deployments: FakeDeployment[];
  readonly runs: FakeRun[];
  readonly artifacts: FakeArtifact[];
  actions: Omit<Schema<'actions-repository-permissions'>, 'selected_actions_url'>;
  selectedActions: Required<Schema<'selected-actions'>>;
  workflowPermissions: Schema<'actions-get-default-workflow-permissions'>;
  /** As a server before the switch of administrators came: it refuses the key. */
  knowsAdminBypass: boolean;
  /** What GitHub finds wrong with CODEOWNERS. */
  readonly ownerErrors: Schema<'codeowners-errors'>['errors'];
  /** With the form of the default, which GitHub answers since 2026 and its description does not name. */
  oidcSubject: Schema<'oidc-custom-sub-repo'> & { readonly use_immutable_subject?: boolean };
}

export class World {
  readonly repositories: FakeRepository[] = [];
  readonly users: FakeUser[] = [];
  readonly teams: FakeTeam[] = [];
  readonly tokens: FakeToken[] = [];
  /** Requests an hour, and how many are left. */
  readonly rateLimit = { limit: 5_000, remaining: 5_000 };
  /** Where clients reach the fake: links begin with it. */
  endpoint = '';
  /** Where artifacts lie. */
  readonly storage: FakeStorage;
  private ticks = 0;

  constructor(storage: FakeStorage) {
    this.storage = storage;
  }

  /** The next moment; each one is a second after the one before. */
  now(): string {
    this.ticks += 1;
    return new Date(Date.UTC(2026, 0, 1) + this.ticks * 1000).toISOString().replace('.000Z', 'Z');
  }

  newId(): number {
    this.ticks += 1;
    return 1_000 + this.ticks;
  }

  /** 40 hex digits, as a commit's. */
  newSha(): string {
    return this.newId().toString(16).padStart(40, '0');
  }

  /** Names of owners and repositories are case-insensitive. */
  repository(fullName: string): FakeRepository | undefined {
    const wanted = fullName.toLowerCase();
    return this.repositories.find(({ owner, name }) => `${owner}/${name}`.toLowerCase() === wanted);
  }

  /** Finds or makes one. */
  user(login: string): FakeUser {
    const known = this.users.find((user) => user.login.toLowerCase() === login.toLowerCase());
    if (known !== undefined) return known;
    const made: FakeUser = { login, id: this.newId(), type: login.endsWith('[bot]') ? 'Bot' : 'User' };
    this.users.push(made);
    return made;
  }
}
