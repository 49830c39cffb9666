/**
 * Makes the plan of one environment: reads what is deployed, compares for equality first, and asks CloudFormation only
 * about the stacks that differ.
 */
import { join } from 'node:path';
import type { AwsClients } from '../adapters/aws-clients.ts';
import { type DescribedStack, describeEnvironmentStacks } from '../adapters/cloudformation/describe-stacks.ts';
import { askForChanges, withDefaults } from '../adapters/plan/change-set.ts';
import { asGivenBack, isSameTemplate, readDeployedTemplate } from '../adapters/plan/deployed-template.ts';
import { findExpiredAssets } from '../adapters/plan/expired-assets.ts';
import { removeLeftoverChangeSets } from '../adapters/plan/leftover-change-sets.ts';
import { findMovedParameters } from '../adapters/plan/moved-parameters.ts';
import { readReleasedStacks } from '../adapters/plan/released-stacks.ts';
import { verifyRelease } from '../adapters/release/release-directory.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Target } from '../adapters/target.ts';
import type { EnvironmentFacts, ReleasedStack, StackFacts } from '../core/plan/facts.ts';
import { makePlan } from '../core/plan/make-plan.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Release } from '../core/release/release.ts';
import { isMoving, prepareStack, type StackState } from '../core/stacks/status.ts';
import { checkFit } from './deploy-environment.ts';

export interface PlanInput {
  readonly release: Release;
  /** Where the release is on disk. */
  readonly folder: string;
  readonly allowDestructive: boolean;
  readonly signal?: AbortSignal;
  /** Registers a clean-up that runs however the command ends; the function returned withdraws it. */
  readonly onExit: (hook: () => Promise<void>) => () => void;
  readonly warn: (text: string) => void;
}

/**
 * Changes nothing: the change sets it makes are deleted before it returns, or when it is interrupted; what a killed one left
 * is removed by the next.
 * @throws ReleaseDoesNotFitError, ReleaseMismatchError, TemplateUnreadableError
 */
export async function planEnvironment(input: PlanInput, target: Target, clients: AwsClients): Promise<Plan> {
  const { release, folder, allowDestructive } = input;
  const environment = target.environment.name;
  // Uncommitted changes may be looked at anywhere; they are stopped where they would be deployed.
  checkFit({ ...release, dirty: false }, target);
  await verifyRelease(folder, release, environment);
  const released = await readReleasedStacks(join(folder, environment));
  const stacks = await readStackFacts(input, environment, released, clients);
  return makePlan({ ...placeOf(release, environment), stacks }, { allowDestructive });
}

/** The plan against an empty account: for whoever has no credentials. Everything is created. */
export async function planAgainstNothing(
  { release, folder, allowDestructive }: Pick<PlanInput, 'release' | 'folder' | 'allowDestructive'>,
  environment: string,
): Promise<Plan> {
  await verifyRelease(folder, release, environment);
  const released = await readReleasedStacks(join(folder, environment));
  const stacks = [...released].map(([name, stack]) => ({ name, released: stack }));
  return makePlan({ ...placeOf(release, environment), stacks }, { allowDestructive });
}

function placeOf(release: Release, environment: string): Omit<EnvironmentFacts, 'stacks'> {
  const place = release.environments[environment];
  if (place === undefined) throw new RangeError(`the release has no environment ${environment}`);
  const { account, region, stage, digest } = place;
  const { id, commit, dirty } = release;
  return { environment, account, region, stage, release: { id, digest, commit, dirty } };
}

async function readStackFacts(
  input: PlanInput,
  environment: string,
  released: ReadonlyMap<string, ReleasedStack>,
  clients: AwsClients,
): Promise<readonly StackFacts[]> {
  const client = clients.cloudformation;
  const { signal, warn } = input;
  const { expected, unexpected } = await describeEnvironmentStacks(client, {
    environment,
    expected: [...released.keys()],
  });
  const present = expected.filter(({ state }) => isPresent(state));
  const templates = new Map(
    await Promise.all(
      present.map(async ({ name: stack }) => {
        const tidied = removeLeftoverChangeSets(client, { stack, now: systemClock.now(), signal, warn });
        const [template] = await Promise.all([readDeployedTemplate(client, stack, signal), tidied]);
        return [stack, template] as const;
      }),
    ),
  );
  const readers = present.map(({ name, parameters, resolvedParameters }) => {
    return { name, parameters, resolved: resolvedParameters, template: released.get(name)?.template ?? {} };
  });
  const moved = await findMovedParameters(clients.ssm, readers, signal);
  const compared = expected.map(async (stack): Promise<StackFacts> => {
    const next = released.get(stack.name);
    const template = templates.get(stack.name);
    if (next === undefined || template === undefined) return absentFacts(stack, next);
    const like = { ...next, template: asGivenBack(next.template, template) };
    const facts = {
      name: stack.name,
      released: like,
      deployed: { template, tags: stack.tags },
      movedParameters: moved.get(stack.name),
    };
    return { ...facts, ...(await lookCloser(input, stack, next, facts, clients)) };
  });
  const orphans = unexpected.map(({ name, tags }) => ({ name, deployed: { template: {}, tags } }));
  return [...(await Promise.all(compared)), ...orphans];
}

/** What a stack in this state holds is there to be updated. Of the others nothing stays: they are made anew. */
const isPresent = (state: StackState): boolean =>
  ![
    'ABSENT',
    'DELETE_COMPLETE',
    'REVIEW_IN_PROGRESS',
    'ROLLBACK_COMPLETE',
    'ROLLBACK_FAILED',
    'CREATE_FAILED',
  ].includes(state);

function absentFacts({ name, state }: DescribedStack, released: ReleasedStack | undefined): StackFacts {
  const note = /^(ROLLBACK|CREATE)_/.test(state)
    ? `${state}: its creation failed, so it is deleted and made again`
    : '';
  return { name, released, note };
}

/** For a stack that differs: CloudFormation's reckoning, or why there is none. Nothing for one that is the same. */
async function lookCloser(
  input: PlanInput,
  stack: DescribedStack,
  next: ReleasedStack,
  facts: Required<Pick<StackFacts, 'released' | 'deployed'>> & Pick<StackFacts, 'movedParameters'>,
  clients: AwsClients,
): Promise<Partial<StackFacts>> {
  const { template } = facts.deployed;
  const sameTemplate = isSameTemplate(facts.released.template, template);
  if (sameTemplate && sameTags(stack.tags, next.tags) && facts.movedParameters === undefined) {
    return stateNote(stack.state);
  }
  if (!canBeAsked(stack)) return { note: `the stack is in ${stack.state}` };
  const [answer, expiredAssets] = await Promise.all([
    askForChanges(
      {
        stack: stack.name,
        template: next.template,
        tags: next.tags,
        presentParameters: Object.keys(stack.parameters),
        signal: input.signal,
        onExit: input.onExit,
        warn: input.warn,
      },
      withDefaults(clients.cloudformation),
    ),
    findExpiredAssets(clients.s3, template, next.template, input.signal),
  ]);
  return 'problem' in answer ? { note: answer.problem, expiredAssets } : { changeSet: answer.changeSet, expiredAssets };
}

/** A change set of an update needs a stack that could be updated right now. */
const canBeAsked = (stack: DescribedStack): boolean =>
  prepareStack(stack, { purpose: 'deploy', stage: 'production', recreateFailed: false }).step === 'ready';

const stateNote = (state: StackState): Partial<StackFacts> =>
  isMoving(state) || /FAILED/.test(state) ? { note: `The stack is in ${state}` } : {};

const sameTags = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
