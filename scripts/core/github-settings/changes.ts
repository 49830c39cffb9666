/**
 * What has to be written so that a repository is set up as it shall be: one change per call or group of calls, each with
 * the differences it mends, in an order in which nothing is opened before it is protected. Pure.
 */
import { type Difference, differencesOf, type Facets } from './differences.ts';
import { currentRulesetFacets, mergedRules, RULESET_NAME, rulesetFacets, rulesOf } from './ruleset.ts';
import {
  type ActionsSettings,
  type CurrentEnvironment,
  type CurrentSettings,
  type DesiredSettings,
  type EnvironmentSettings,
  isTold,
  type JobTokenSettings,
  type Rule,
  type RulesetSettings,
  type SelectedActions,
  type SubjectSettings,
  type Told,
} from './settings.ts';

/** What is to be written, as the adapter takes it. */
export type Write =
  | { readonly kind: 'actions'; readonly settings: ActionsSettings }
  | { readonly kind: 'selected-actions'; readonly settings: SelectedActions }
  | { readonly kind: 'job-token'; readonly settings: JobTokenSettings }
  | {
      readonly kind: 'ruleset';
      /** Undefined for a new one. */
      readonly id: number | undefined;
      readonly name: string;
      readonly branches: readonly string[];
      readonly rules: readonly Rule[];
    }
  | {
      readonly kind: 'environment';
      readonly settings: EnvironmentSettings;
      /** As it is; undefined for a new one. */
      readonly current: CurrentEnvironment | undefined;
      readonly removeBranches: readonly { readonly id: number; readonly name: string }[];
      readonly addBranches: readonly string[];
    }
  | { readonly kind: 'subject'; readonly withIds: boolean | undefined }
  | { readonly kind: 'variable'; readonly name: string; readonly value: string };

export interface Change {
  /** What is changed, as a person names it: `environment prod`. */
  readonly subject: string;
  readonly differences: readonly Difference[];
  /** It lets more in than before: done last, and only where all that protects was done. */
  readonly opens: boolean;
  readonly write: Write;
}

/** One thing as it shall be and as it is. */
export interface Compared {
  readonly subject: string;
  readonly wanted: Facets;
  /** Undefined where it is absent. */
  readonly found: Facets | undefined;
  readonly differences: readonly Difference[];
  /** Settings GitHub does not tell, and why; `undefined` for all of them. */
  readonly untold: readonly { readonly setting: string | undefined; readonly reason: string }[];
}

export interface SettingsPlan {
  /** Everything that was compared, the same and the different. */
  readonly compared: readonly Compared[];
  /** In the order they are to be made. */
  readonly changes: readonly Change[];
}

type Row = { readonly compared: Compared; readonly change?: Change };

export function planSettings(current: CurrentSettings, desired: DesiredSettings): SettingsPlan {
  const rows: readonly Row[] = [
    actionsRow(current, desired),
    ...selectedRow(current, desired.selectedActions),
    row('job token', tokenFacets(desired.jobToken), current.jobToken, tokenFacets, () => ({
      kind: 'job-token',
      settings: desired.jobToken,
    })),
    rulesetRow(current, desired.ruleset),
    ...desired.environments.map((settings) => environmentRow(current, settings)),
    row(
      'OIDC subject',
      { template: 'default' },
      current.subject,
      ({ usesDefault, claims }) => ({ template: usesDefault ? 'default' : claims.join(', ') || "the organization's" }),
      (subject) => ({ kind: 'subject', withIds: (subject as SubjectSettings | undefined)?.withIds }),
      true,
    ),
    ...Object.entries(desired.variables).map(([name, value]) => variableRow(current, name, value)),
  ];
  const changes = rows.flatMap(({ change }) => (change === undefined ? [] : [change]));
  return {
    compared: rows.map(({ compared }) => compared),
    changes: [...changes.filter(({ opens }) => !opens), ...changes.filter(({ opens }) => opens)],
  };
}

function row<T extends object>(
  subject: string,
  wanted: Facets,
  current: Told<T | undefined>,
  facets: (value: T) => Facets,
  write: (current: T | undefined) => Write,
  opens = false,
): Row {
  if (!isTold(current)) return untoldRow(subject, wanted, current.untold);
  const found = current === undefined ? undefined : facets(current as T);
  const differences = differencesOf(subject, wanted, found);
  const untold = Object.keys(wanted)
    .filter((setting) => found !== undefined && !(setting in found))
    .map((setting) => ({ setting, reason: 'GitHub does not tell it to this token' }));
  const compared: Compared = { subject, wanted, found, differences, untold };
  if (differences.length === 0) return { compared };
  return { compared, change: { subject, differences, opens, write: write(current as T | undefined) } };
}

const untoldRow = (subject: string, wanted: Facets, reason: string): Row => ({
  compared: { subject, wanted, found: undefined, differences: [], untold: [{ setting: undefined, reason }] },
});

/** Which actions are allowed is asked where we say which; elsewhere it stays as it is. */
function actionsRow({ actions }: CurrentSettings, { actions: wanted, selectedActions }: DesiredSettings): Row {
  const facets = ({ enabled, allowed, pinnedByCommit }: ActionsSettings): Facets => ({
    enabled,
    ...(selectedActions !== undefined && { 'allowed actions': allowed }),
    'pinned by commit': pinnedByCommit,
  });
  const settings = (found: ActionsSettings | undefined): ActionsSettings => ({
    ...wanted,
    allowed: selectedActions === undefined ? (found?.allowed ?? 'all') : 'selected',
  });
  return row('Actions', facets(settings(undefined)), actions, facets, (found) => ({
    kind: 'actions',
    settings: settings(found),
  }));
}

const tokenFacets = ({ permissions, approvesPullRequests }: JobTokenSettings): Facets => ({
  'permissions by default': permissions,
  'may approve pull requests': approvesPullRequests,
});

const selectedFacets = ({ ofGitHub, ofVerifiedCreators, patterns }: SelectedActions): Facets => ({
  "all of GitHub's own": ofGitHub,
  'all of verified creators': ofVerifiedCreators,
  named: [...patterns].sort(),
});

/** Which actions are allowed is compared where they are listed at all. */
function selectedRow({ selectedActions }: CurrentSettings, settings: SelectedActions | undefined): Row[] {
  if (settings === undefined) return [];
  return [
    row('allowed actions', selectedFacets(settings), selectedActions, selectedFacets, () => ({
      kind: 'selected-actions',
      settings,
    })),
  ];
}

function rulesetRow({ ruleset }: CurrentSettings, settings: RulesetSettings): Row {
  return row(
    `ruleset "${RULESET_NAME}"`,
    rulesetFacets(settings),
    ruleset,
    (found) => currentRulesetFacets(found, settings),
    (found) => ({
      kind: 'ruleset',
      id: found?.id,
      name: RULESET_NAME,
      branches: settings.branches,
      rules: mergedRules(found?.rules ?? [], rulesOf(settings)),
    }),
  );
}

const environmentFacets = (settings: EnvironmentSettings): Facets => ({
  reviewers: settings.reviewers,
  // Where nobody is asked, there is nothing to review and nothing to pass by.
  ...(settings.reviewers.length > 0 && { 'may approve their own run': settings.selfReview }),
  'administrators may pass by': settings.adminsBypass,
  branches: settings.branches,
});

const ANY = { all: 'every branch and tag', protected: 'every protected branch' } as const;

function currentEnvironmentFacets({ reviewers, selfReview, adminsBypass, branches }: CurrentEnvironment): Facets {
  return {
    reviewers: [...reviewers].sort(),
    'may approve their own run': selfReview,
    ...(adminsBypass !== undefined && { 'administrators may pass by': adminsBypass }),
    branches: typeof branches === 'string' ? [ANY[branches]] : [...branches].sort(),
  };
}

function environmentRow({ environments }: CurrentSettings, settings: EnvironmentSettings): Row {
  const subject = `environment ${settings.name}`;
  if (!isTold(environments)) return untoldRow(subject, environmentFacets(settings), environments.untold);
  // GitHub takes names of environments in any case.
  const current = environments.find(({ name }) => name.toLowerCase() === settings.name.toLowerCase());
  const names = Object.entries(current?.policyIds ?? {});
  return row(
    subject,
    environmentFacets(settings),
    current,
    currentEnvironmentFacets,
    () => ({
      kind: 'environment',
      settings,
      current,
      removeBranches: names.filter(([name]) => !settings.branches.includes(name)).map(([name, id]) => ({ id, name })),
      addBranches: settings.branches.filter((branch) => !names.some(([name]) => name === branch)),
    }),
    settings.reviewers.length === 0 && (current?.reviewers.length ?? 0) > 0,
  );
}

/** A variable that is there was somebody's choice: it stays, and what is wanted is only its being there. */
function variableRow({ variables }: CurrentSettings, name: string, value: string): Row {
  const subject = `variable ${name}`;
  if (!isTold(variables)) return untoldRow(subject, { value }, variables.untold);
  const found = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const wanted = { value: found ?? value };
  return row(
    subject,
    wanted,
    found === undefined ? undefined : wanted,
    (facets) => facets,
    () => ({ kind: 'variable', name, value }),
  );
}
