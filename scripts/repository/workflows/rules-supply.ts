/**
 * What workflows are made of: pinned actions, hardened runners, and secrets, variables and inputs that exist. Pure.
 */
import type { Rule } from './rules.ts';
import { type Input, isWorkflow, jobsOf, type Parsed, stepsPath } from './workflow-files.ts';

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;

/** The inputs a local workflow or composite action declares. */
function inputsOf(uses: string, all: ReadonlyMap<string, Parsed>): Readonly<Record<string, Input>> | undefined {
  const path = uses.slice(2);
  const called = all.get(path) ?? all.get(`${path}/action.yml`);
  return called && (called.data.on?.['workflow_call']?.inputs ?? called.data.inputs ?? {});
}

interface Call {
  readonly where: string;
  readonly uses: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly path: readonly (string | number)[];
}

function callsOf(workflow: Parsed): readonly Call[] {
  return jobsOf(workflow).flatMap(([id, job]) => {
    const own = job.uses ? [{ where: id, uses: job.uses, inputs: job.with ?? {}, path: ['jobs', id, 'uses'] }] : [];
    const steps = (job.steps ?? []).flatMap(({ uses, name, with: inputs = {} }, index) =>
      uses ? [{ where: `${id}: ${name}`, uses, inputs, path: [...stepsPath(workflow, id), index, 'uses'] }] : [],
    );
    return [...own, ...steps];
  });
}

const isLocal = (uses: string): boolean => uses.startsWith('./');

export const supplyRules: Readonly<Record<string, Rule>> = {
  'actions-pinned': (workflow) =>
    callsOf(workflow)
      .filter(({ uses }) => !isLocal(uses))
      .flatMap(({ uses, path }) => {
        if (!PINNED.test(uses)) return [`${uses} is not pinned by its commit`];
        return /^v\d+\.\d+\.\d+$/.test(workflow.commentAt(path)) ? [] : [`${uses} does not say its version`];
      }),

  'one-pin-per-action': (workflow, all) => {
    const pinOf = (uses: string): readonly string[] => uses.split('@');
    const elsewhere = [...all.values()].flatMap(callsOf).map(({ uses }) => uses);
    return callsOf(workflow).flatMap(({ uses }) => {
      const [name, pin] = pinOf(uses);
      const other = elsewhere.find((each) => pinOf(each)[0] === name && pinOf(each)[1] !== pin);
      return other === undefined ? [] : [`${uses} is ${other} elsewhere`];
    });
  },

  'inputs-declared-and-passed': (workflow, all) =>
    callsOf(workflow)
      .filter(({ uses }) => isLocal(uses))
      .flatMap(({ where, uses, inputs }) => {
        const declared = inputsOf(uses, all);
        if (declared === undefined) return [`${where} uses ${uses}, which is not there`];
        const missing = Object.entries(declared).filter(([name, { required }]) => required && !(name in inputs));
        const unknown = Object.keys(inputs).filter((name) => !(name in declared));
        return [
          ...missing.map(([name]) => `${where} does not pass ${name}, which ${uses} requires`),
          ...unknown.map((name) => `${where} passes ${name}, which ${uses} does not know`),
        ];
      }),

  'runner-hardened': (workflow) =>
    jobsOf(workflow)
      .filter(([, { steps }]) => isWorkflow(workflow.file) && steps !== undefined)
      .filter(([, { steps = [] }]) => !steps[0]?.uses?.startsWith('step-security/harden-runner@'))
      .map(([id]) => `${id} does not begin by hardening its runner`),

  'runner-named': (workflow) =>
    jobsOf(workflow)
      .filter(([, job]) => isWorkflow(workflow.file) && job.steps !== undefined)
      .filter(([, job]) => !/^ubuntu-\d\d\.\d\d$/.test(job['runs-on'] ?? ''))
      .map(([id, job]) => `${id} runs on ${job['runs-on']}, which is another system some day`),

  'credentials-not-kept': (workflow) =>
    callsOf(workflow)
      .filter(({ uses, inputs }) => uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false)
      .map(({ where }) => `${where} leaves a token in the work tree`),

  'secrets-by-name': (workflow, _, { secrets }) => {
    const inherited = jobsOf(workflow).filter(([, job]) => job.secrets === 'inherit');
    const used = [...workflow.text.matchAll(/\bsecrets(?:\.([\w-]+)|\[)/g)].map(([, name]) => name ?? 'secrets[…]');
    const whole = /toJSON\(\s*secrets\s*\)/i.test(workflow.text) ? ['all secrets are passed at once'] : [];
    return [
      ...whole,
      ...inherited.map(([id]) => `${id} hands on every secret`),
      ...used.filter((name) => !secrets.includes(name)).map((name) => `${name} is no secret that set-up makes`),
    ];
  },

  'variables-known': (workflow, _, { variables }) => {
    const used = [...workflow.text.matchAll(/\bvars(?:\.([\w-]+)|\[)/g)].map(([, name]) => name ?? 'vars[…]');
    // As a whole they go to the set-up alone, which picks the accounts out.
    const whole = callsOf(workflow).flatMap(({ where, uses, inputs }) =>
      Object.entries(inputs)
        .filter(([, value]) => /toJSON\(\s*vars\s*\)/i.test(String(value)))
        .filter(([name]) => uses !== './.github/actions/setup' || name !== 'variables')
        .map(() => `${where} gets every variable`),
    );
    return [
      ...whole,
      ...used.filter((name) => !variables.includes(name)).map((name) => `${name} is no variable that set-up makes`),
    ];
  },
};
