/**
 * What set-up leaves as it is and a person should know: what is somebody's own choice, what is left over, and what no call
 * of set-up can mend. Pure.
 */
import { accountVariable } from '../../../environments/naming.ts';
import { type PrerequisitesInput, prerequisites } from './prerequisites.ts';
import { isTold } from './settings.ts';

export interface Note {
  /** `kept`: left as it is. `warning`: something will not work until a person acts. */
  readonly kind: 'kept' | 'warning';
  readonly subject: string;
  readonly text: string;
}

export interface NotesInput extends PrerequisitesInput {
  readonly usedActions: readonly string[];
}

export function notesOf(input: NotesInput): readonly Note[] {
  return [
    ...warnings(input),
    ...allowedNotes(input),
    ...leftOver(input),
    ...rulesetNotes(input),
    ...variableNotes(input),
  ];
}

const kept = (subject: string, text: string): Note => ({ kind: 'kept', subject, text });

/** Of what nobody can tell, the plan alone is worth a warning: it makes the next step fail. */
const warnings = (input: NotesInput): Note[] =>
  prerequisites(input)
    .filter(({ id, status }) => status === 'fail' || (status === 'unknown' && id === 'github.plan'))
    .map(({ subject, detail }) => ({ kind: 'warning', subject, text: detail }));

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
      if (!/^\d{12}$/.test(value)) return [];
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
