/**
 * What set-up leaves as it is and a person should know: what is somebody's own choice, what is left over, and what no call
 * of set-up can mend. Pure.
 */
import { accountVariable } from '../../../environments/naming.ts';
import { RELEASE_BRANCH } from './desired.ts';
import { type CurrentSettings, type DesiredSettings, isTold } from './settings.ts';

export interface Note {
  /** `kept`: left as it is. `warning`: something will not work until a person acts. */
  readonly kind: 'kept' | 'warning';
  readonly subject: string;
  readonly text: string;
}

/** Of cdk.json: what the roles in AWS trust. */
export interface TrustedRepository {
  /** `owner/name` */
  readonly name: string;
  readonly ids: { readonly owner: string; readonly repository: string } | undefined;
}

export interface NotesInput {
  readonly current: CurrentSettings;
  readonly desired: DesiredSettings;
  readonly trusted: TrustedRepository;
  readonly usedActions: readonly string[];
  /** Names of all environments, and their accounts as the files say. */
  readonly accounts: Readonly<Record<string, string>>;
}

export function notesOf(input: NotesInput): readonly Note[] {
  return [
    ...repositoryNotes(input),
    ...planNotes(input),
    ...allowedNotes(input),
    ...leftOver(input),
    ...rulesetNotes(input),
    ...variableNotes(input),
  ];
}

const warning = (subject: string, text: string): Note => ({ kind: 'warning', subject, text });
const kept = (subject: string, text: string): Note => ({ kind: 'kept', subject, text });

function repositoryNotes({ current, trusted }: NotesInput): Note[] {
  const { name, id, ownerId, defaultBranch } = current.repository;
  const { ids } = trusted;
  const subject = current.subject;
  const rightIds = ids?.owner === String(ownerId) && ids.repository === String(id);
  const toAdd = `"repositoryOwnerId": "${ownerId}", "repositoryId": "${id}"`;
  return [
    ...(name.toLowerCase() === trusted.name.toLowerCase()
      ? []
      : [
          warning(
            'repository',
            `cdk.json says "repository": "${trusted.name}", and the roles in AWS trust that one alone. ` +
              `Set it to "${name}", then npm run bootstrap for each account.`,
          ),
        ]),
    ...(isTold(subject) && subject.withIds === true && !rightIds
      ? [
          warning(
            'OIDC subject',
            'This repository sends its ids in the subject of its tokens, which AWS refuses until cdk.json has, under ' +
              `"context": ${toAdd}. Then npm run bootstrap for each account.`,
          ),
        ]
      : []),
    ...(ids !== undefined && !rightIds && !(isTold(subject) && subject.withIds === true)
      ? [warning('OIDC subject', `The ids in cdk.json are not this repository's. They are ${toAdd}.`)]
      : []),
    ...(defaultBranch === RELEASE_BRANCH
      ? []
      : [
          warning(
            'default branch',
            `It is ${defaultBranch}: schedules run there, and the roles trust ${RELEASE_BRANCH} alone. Rename it to ${RELEASE_BRANCH}.`,
          ),
        ]),
  ];
}

/** What a plan without reviewers means, and what to do. */
export const PLAN_REMEDY =
  'Required reviewers of a private repository need GitHub Enterprise: change the plan or make the repository public. ' +
  'Until then GitHub asks nobody before a release enters; keep production shut with ' +
  '`npm run hold -- --env NAME --reason …`, and let a release in with `npm run resume`.';

function planNotes({ current, desired }: NotesInput): Note[] {
  const { private: hidden, hasReviewers } = current.repository;
  if (!hidden || hasReviewers === true) return [];
  const asked = desired.environments.filter(({ reviewers }) => reviewers.length > 0).map(({ name }) => name);
  const text =
    hasReviewers === false
      ? PLAN_REMEDY
      : `The repository is private, and this token can't see its plan: GitHub may refuse reviewers. ${PLAN_REMEDY}`;
  return [warning(`reviewers of ${asked.join(', ')}`, text)];
}

/** Where the list of allowed actions is not ours, it is still ours to say when it shuts out what workflows use. */
function allowedNotes({ current, desired, usedActions }: NotesInput): Note[] {
  const { actions, selectedActions } = current;
  if (desired.selectedActions !== undefined || !isTold(actions) || actions.allowed === 'all') return [];
  const named = isTold(selectedActions) ? (selectedActions?.patterns ?? []) : [];
  return [
    kept(
      'allowed actions',
      `They are limited (${[actions.allowed, ...named].join(', ')}), and in a private repository that is yours to say. ` +
        `The workflows use ${usedActions.join(', ')}.`,
    ),
  ];
}

function leftOver({ current, desired }: NotesInput): Note[] {
  if (!isTold(current.environments)) return [];
  const wanted = new Set(desired.environments.map(({ name }) => name.toLowerCase()));
  return current.environments
    .filter(({ name }) => !wanted.has(name.toLowerCase()))
    .map(({ name }) =>
      kept(
        `environment ${name}`,
        'No file in environments/ asks for it. If it is left over, delete it under Settings → Environments: its history goes with it.',
      ),
    );
}

const rulesetNotes = ({ current }: NotesInput): Note[] =>
  current.otherRulesets.map((name) => kept(`ruleset "${name}"`, 'It holds beside ours.'));

function variableNotes({ current, desired, accounts }: NotesInput): Note[] {
  if (!isTold(current.variables)) return [];
  const environmentOf = new Map(Object.keys(accounts).map((name) => [accountVariable(name), name]));
  return Object.entries(current.variables).flatMap(([name, value]): Note[] => {
    const subject = `variable ${name}`;
    const environment = environmentOf.get(name);
    if (environment !== undefined) {
      if (!/^\d{12}$/.test(value)) {
        return [warning(subject, `"${value}" is no account: workflows refuse it. 12 digits, or delete it.`)];
      }
      const wanted = desired.variables[name];
      const beside =
        wanted === undefined || wanted === value ? '' : `; here ${name} is ${wanted}, which is not written`;
      return [kept(subject, `${environment} is in ${value}, its file says ${accounts[environment]}${beside}.`)];
    }
    if (!desired.knownVariables.includes(name)) {
      const gone = /^CDK_\w+_ACCOUNT$/.test(name) ? ': there is no such environment' : '';
      return [kept(subject, `No workflow knows it${gone}.`)];
    }
    const wanted = desired.variables[name];
    return wanted === undefined || wanted === value
      ? []
      : [kept(subject, `It is ${value}; set-up would have said ${wanted}.`)];
  });
}
