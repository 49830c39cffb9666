/** What a prepared account has, as expectations beside what was seen of it. Pure. */
import { type GitOpsRole, gitOpsRoleName } from '../../../environments/naming.ts';
import type { Check } from '../check.ts';
import { assess, assessPresent, type Expectation } from '../validation/assess.ts';
import { canonical, exactly, including, none, oneOf, satisfying } from '../validation/matchers.ts';
import { type Observation, unanswered } from '../validation/observation.ts';
import { agreesWithTemplate, type References, readable, resolveTemplateValue } from '../validation/template-values.ts';

/** The part of a template that is looked at. */
export interface PipelineTemplate {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
  >;
}

/** Of the bootstrap stack: what cloud assemblies of CDK ask for (`requiresBootstrapStackVersion`). */
export const BOOTSTRAP_VERSION = 6;

const SETTLED = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'];
const ROLES: readonly GitOpsRole[] = ['read', 'deploy', 'validate', 'destroy'];

export const roleNames = (environments: readonly string[]): readonly string[] =>
  environments.flatMap((environment) => ROLES.map((role) => gitOpsRoleName(role, environment)));

/** Of the provider's audiences. */
export const providerExpectations = (remedy: string): readonly Expectation<readonly string[]>[] => [
  { id: 'provider.audience', expected: including(['sts.amazonaws.com']), actual: (audiences) => audiences, remedy },
];

export interface DeployedPipeline {
  readonly state: string;
  readonly template: PipelineTemplate;
}

export interface PipelineInput {
  readonly name: string;
  readonly found: Observation<DeployedPipeline>;
  /** As this working tree makes it. */
  readonly wanted: Observation<PipelineTemplate>;
  readonly remedy: string;
}

/** PipelineStack beside the one this working tree makes. */
export function pipelineChecks({ name, found, wanted, remedy }: PipelineInput): readonly Check[] {
  const status = {
    id: 'pipeline.status',
    expected: oneOf(SETTLED),
    actual: ({ state }: DeployedPipeline) => state,
    remedy,
  };
  const current: Expectation<DeployedPipeline> = {
    id: 'pipeline.current',
    expected: none('resource that this working tree makes otherwise'),
    actual: ({ template }) => (wanted.state === 'observed' ? differing(template, wanted.value) : []),
    remedy,
  };
  const checks = assessPresent({ name }, 'pipeline.present', found, [status], remedy);
  if (found.state === 'missing') return checks;
  const compared = wanted.state === 'observed' ? found : unanswered(reasonOf(wanted));
  return [...checks, ...assess({ name }, compared, [current])];
}

/** Logical ids of what is otherwise, missing or too many. */
export function differing(deployed: PipelineTemplate, wanted: PipelineTemplate): readonly string[] {
  const [before, after] = [deployed.Resources ?? {}, wanted.Resources ?? {}];
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return ids.filter((id) => canonical(before[id]) !== canonical(after[id]));
}

export interface RoleInput {
  readonly name: string;
  /** Its trust policy. */
  readonly trust: Observation<unknown>;
  readonly pipeline: Observation<PipelineTemplate>;
  /** What the template's references stand for in the account. */
  readonly references: References;
  readonly remedy: string;
}

/** Whether a role is there, trusts whom it should, and can be taken; the last is for the one who is trusted to try. */
export function roleChecks({ name, trust, pipeline, references, remedy }: RoleInput): readonly Check[] {
  const wanted = wantedTrust(name, pipeline, references);
  const present = assessPresent({ name }, 'role.present', trust, [], remedy);
  if (trust.state === 'missing') return present;
  const expected = { expected: readable(wanted), matches: (actual: unknown) => agreesWithTemplate(wanted, actual) };
  const compared =
    wanted === undefined
      ? assess({ name }, unanswered(reasonOf(pipeline)), [
          {
            id: 'role.trust',
            expected: satisfying('as PipelineStack makes it', () => false),
            actual: () => null,
            remedy,
          },
        ])
      : assess({ name }, trust, [{ id: 'role.trust', expected, actual: (document) => document, remedy }]);
  return [...present, ...compared, assumable(name)];
}

function wantedTrust(name: string, pipeline: Observation<PipelineTemplate>, references: References): unknown {
  if (pipeline.state !== 'observed') return undefined;
  const roles = Object.entries(pipeline.value.Resources ?? {}).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  // Roles trust each other by ARN, which follows from their names.
  const arns = roles.map(([id, { Properties }]) => [
    `${id}.Arn`,
    roleArn(String(Properties?.['RoleName']), references),
  ]);
  const role = roles.find(([, { Properties }]) => Properties?.['RoleName'] === name)?.[1];
  return (
    role &&
    resolveTemplateValue(role.Properties?.['AssumeRolePolicyDocument'], { ...references, ...Object.fromEntries(arns) })
  );
}

const roleArn = (name: string, references: References): string =>
  `arn:${references['AWS::Partition']}:iam::${references['AWS::AccountId']}:role/${name}`;

const reasonOf = (pipeline: Observation<PipelineTemplate>): string =>
  pipeline.state === 'unanswered' ? pipeline.reason : 'PipelineStack of this working tree has no such role';

const assumable = (name: string): Check => ({
  id: 'role.assumable',
  subject: name,
  status: 'unknown',
  expected: 'taken by those its trust policy names',
  actual: null,
  detail: name.startsWith(gitOpsRoleName('validate', ''))
    ? 'The deploy role alone may take it: a promotion in GitHub Actions tries it'
    : 'It takes a token that GitHub gives to a job: the trust policy is compared, a run of its workflow tries it',
});

/** What a bootstrap stack says of itself. */
export interface BootstrapStack {
  readonly state: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

export const bootstrapExpectations = (policy: string, remedy: string): readonly Expectation<BootstrapStack>[] => [
  { id: 'bootstrap.status', expected: oneOf(SETTLED), actual: ({ state }) => state, remedy },
  {
    id: 'bootstrap.version',
    expected: satisfying(`${BOOTSTRAP_VERSION} or newer`, (version) => Number(version) >= BOOTSTRAP_VERSION),
    actual: ({ outputs }) => outputs['BootstrapVersion'],
    remedy,
  },
  {
    id: 'bootstrap.execution-policy',
    expected: exactly(policy),
    actual: ({ parameters }) => parameters['CloudFormationExecutionPolicies'],
    remedy: `CloudFormation may do otherwise than the reviewed policy says. ${remedy}`,
  },
];

/** Of the versioning of the store's bucket. */
export const storeExpectations = (remedy: string): readonly Expectation<string | undefined>[] => [
  { id: 'store.versioned', expected: exactly('Enabled'), actual: (status) => status, remedy },
];
