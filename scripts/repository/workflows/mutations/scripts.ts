/** What steps run, made worse. */
import {
  DEPLOY,
  DESTROY,
  DRIFT,
  ENVIRONMENT,
  type Mutation,
  PROMOTE,
  PULL_REQUEST,
  ROLLBACK,
  TITLE,
} from './mutation.ts';

export const scripts: readonly Mutation[] = [
  {
    what: 'the title of a pull request in a shell',
    file: PULL_REQUEST,
    from: 'run: npm test',
    to: `run: npm test -- "${TITLE}"`,
    rule: 'no-expression-in-shell',
  },
  {
    what: 'an environment’s name in a shell',
    file: DRIFT,
    from: '"$ENVIRONMENT"',
    to: `"${ENVIRONMENT}"`,
    rule: 'no-expression-in-shell',
  },
  { what: 'a script nobody wrote', file: PROMOTE, from: 'npm run synth', to: 'npm run build', rule: 'scripts-exist' },
  {
    what: 'an option the verb does not know',
    file: DEPLOY,
    from: '--predecessor-validated',
    to: '--force',
    rule: 'options-known',
  },
  {
    what: 'an option that would be cut short',
    file: DESTROY,
    from: '--confirm ',
    to: '--conf ',
    rule: 'options-known',
  },
  {
    what: 'a program in YAML',
    file: PROMOTE,
    from: 'run: npm run matrix',
    to: 'run: npm run matrix | tee matrix.txt',
    rule: 'one-script-per-step',
  },
  {
    what: 'two commands',
    file: PULL_REQUEST,
    from: 'run: npm run synth',
    to: 'run: npm run synth && npm run matrix',
    rule: 'one-script-per-step',
  },
  {
    what: 'a variable that falls apart',
    file: DRIFT,
    from: '"$ENVIRONMENT"',
    to: '$ENVIRONMENT',
    rule: 'variables-given-and-quoted',
  },
  {
    what: 'a variable nobody sets',
    file: DEPLOY,
    from: '          REASON: ',
    to: '          REASONS: ',
    rule: 'variables-given-and-quoted',
  },
  {
    what: 'a step without a name',
    file: ROLLBACK,
    from: '- name: Set up\n        uses',
    to: '- uses',
    rule: 'steps-named',
  },
];
