/**
 * Settings of a GitHub repository that this product depends on: as they shall be, and as they are. Pure.
 */

/** `@login` or `@organization/team`, in lower case: GitHub knows both in any case. */
export type ReviewerName = string;

/** A GitHub environment: https://docs.github.com/en/rest/deployments/environments */
export interface EnvironmentSettings {
  readonly name: string;
  /** One of them must approve; nobody is asked where there are none. */
  readonly reviewers: readonly ReviewerName[];
  /** Whether a reviewer may approve a run they started. */
  readonly selfReview: boolean;
  /** Whether administrators may go ahead without approval. */
  readonly adminsBypass: boolean;
  /** Branches that may deploy. */
  readonly branches: readonly string[];
}

/** Which actions workflows may use: https://docs.github.com/en/rest/actions/permissions */
export interface ActionsSettings {
  readonly enabled: boolean;
  /** `all`, those of this owner only, or those that `patterns` name. */
  readonly allowed: 'all' | 'local_only' | 'selected';
  readonly pinnedByCommit: boolean;
}

/** Where `allowed` is `selected`. */
export interface SelectedActions {
  /** Every action of GitHub itself, and of creators GitHub has verified. */
  readonly ofGitHub: boolean;
  readonly ofVerifiedCreators: boolean;
  /** `aws-actions/configure-aws-credentials@*`, sorted. */
  readonly patterns: readonly string[];
}

/** What the token of a job can do where its workflow does not say. */
export interface JobTokenSettings {
  readonly permissions: 'read' | 'write';
  readonly approvesPullRequests: boolean;
}

/** The ruleset of the branch that releases are made of: https://docs.github.com/en/rest/repos/rules */
export interface RulesetSettings {
  readonly branches: readonly string[];
  /** Approvals a pull request needs. */
  readonly approvals: number;
  readonly checks: readonly RequiredCheck[];
}

export interface RequiredCheck {
  readonly name: string;
  /** The app that must report it, so that no other can in its name; any where nobody knows. */
  readonly app: number | undefined;
}

export interface DesiredSettings {
  readonly actions: Omit<ActionsSettings, 'allowed'>;
  /** Undefined where which actions are allowed is left to the owner. */
  readonly selectedActions: SelectedActions | undefined;
  readonly jobToken: JobTokenSettings;
  readonly ruleset: RulesetSettings;
  readonly environments: readonly EnvironmentSettings[];
  /** Made where absent; a variable that is there stays as it is. */
  readonly variables: Readonly<Record<string, string>>;
  /** Every variable the workflows know. */
  readonly knownVariables: readonly string[];
}

/** What GitHub did not tell, and why: the token may not read it, or the plan does not have it. */
export interface Untold {
  readonly untold: string;
}
export type Told<T> = T | Untold;

export const isTold = <T extends object | undefined>(value: T | Untold): value is T =>
  value === undefined || !('untold' in value);

export interface CurrentEnvironment extends Omit<EnvironmentSettings, 'adminsBypass' | 'branches'> {
  /** Undefined where GitHub does not tell it. */
  readonly adminsBypass: boolean | undefined;
  /** Names, or which branches may without naming them; tags as `tag:v*`. */
  readonly branches: readonly string[] | 'all' | 'protected';
  /** Of the names of branches and tags, for removing one. */
  readonly policyIds: Readonly<Record<string, number>>;
  /** Minutes; the owner's own, kept. */
  readonly waitTimer: number;
}

/** A ruleset of ours, with what of it is not ours to compare. */
export interface CurrentRuleset {
  readonly id: number;
  readonly target: string;
  readonly enforcement: string;
  readonly branches: readonly string[];
  readonly excluded: readonly string[];
  /** Who may pass it by, in words; undefined where the token may not see. */
  readonly bypass: readonly string[] | undefined;
  /** As GitHub gives them. */
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** https://docs.github.com/en/rest/actions/oidc */
export interface SubjectSettings {
  /** GitHub's own template of the claim `sub`. */
  readonly usesDefault: boolean;
  /** The claims it is made of where it does not. */
  readonly claims: readonly string[];
  /** Whether owner and repository are named with their ids: `repo:OWNER@1/NAME@2`; undefined where GitHub does not say. */
  readonly withIds: boolean | undefined;
}

export interface RepositoryFacts {
  /** `OWNER/NAME`, as GitHub spells it. */
  readonly name: string;
  readonly id: number;
  readonly ownerId: number;
  readonly private: boolean;
  readonly defaultBranch: string;
  /** Whether its plan has required reviewers: a private repository needs Enterprise. Undefined where nobody can tell. */
  readonly hasReviewers: boolean | undefined;
}

export interface CurrentSettings {
  readonly repository: RepositoryFacts;
  readonly actions: Told<ActionsSettings>;
  /** Undefined where `allowed` is not `selected`. */
  readonly selectedActions: Told<SelectedActions | undefined>;
  readonly jobToken: Told<JobTokenSettings>;
  /** Undefined where there is none of our name. */
  readonly ruleset: Told<CurrentRuleset | undefined>;
  /** Names of the others. */
  readonly otherRulesets: readonly string[];
  readonly environments: Told<readonly CurrentEnvironment[]>;
  readonly subject: Told<SubjectSettings>;
  readonly variables: Told<Readonly<Record<string, string>>>;
  /** What GitHub finds wrong with CODEOWNERS: `line 3: unknown owner @a/b`. */
  readonly ownerErrors: Told<readonly string[]>;
}
