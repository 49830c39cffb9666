/**
 * How to mend a finding: by which command, for this target and this kind of finding. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { DriftWaiver } from '../../../environments/waivers.ts';
import type { CheckedResource } from '../check.ts';
import { type DriftCheck, resourceKey, type StackResource, stackResource } from './drift-check.ts';
import type { Difference } from './merge-differences.ts';
import { isBelow, PRESENT } from './properties.ts';
import { undoCommands } from './undo.ts';

export interface Remedies {
  /** Brings it back to the release by a deployment; null where none can, so that a hand must. */
  readonly redeploy: string | null;
  /** Puts it back by hand: commands for a shell. Empty where no single command does. */
  readonly undo: readonly string[];
  /** Takes what is there into Git; null where there is nothing to take. */
  readonly adopt: string | null;
  /** What to add to environments/waivers/drift.json; one for each difference. */
  readonly waive: readonly DriftWaiver[];
}

export interface RemedyContext {
  readonly environment: string;
  /** Commands aim at the emulated accounts. */
  readonly local: boolean;
  readonly resources: readonly StackResource[];
  /** All checks: what passed says what CloudFormation can see. */
  readonly checks: readonly DriftCheck[];
  /** What the release was made with. */
  readonly config?: EnvironmentConfig | undefined;
}

interface Found {
  readonly name: string;
  readonly resource: CheckedResource | null;
  /** Those that failed. */
  readonly checks: readonly DriftCheck[];
  readonly differences: readonly Difference[];
}

export function remediesFor(found: Found, context: RemedyContext): Remedies {
  const { environment, local } = context;
  const { name, checks, differences } = found;
  const aim = local ? ' --local' : '';
  const promote = `npm run promote -- --only ${environment}${aim}`;
  const commands = { fix: `npm run drift -- --env ${environment}${aim} --fix`, promote };
  const byLedger = checks.flatMap(({ id }) => BY_LEDGER[id]?.(commands, `--env ${environment}${aim}`) ?? []);
  return {
    redeploy:
      byLedger.length > 0 ? [...new Set(byLedger)].join(' && ') : canRedeploy(found, context) ? commands.fix : null,
    undo: undo(found, context),
    adopt: byLedger.length > 0 ? null : `change it in Git, then: ${promote}`,
    waive: differences.map(({ property }) => ({ environment, resource: name, property, ...TO_FILL_IN })),
  };
}

/** Who answers for a waiver, why and until when, only a person can say: left to be filled in. */
const TO_FILL_IN = { reason: '', owner: '', expires: '' };

interface Commands {
  readonly fix: string;
  readonly promote: string;
}

/** What the ledger itself says is mended by a promotion, or by whoever holds the environment: nothing live differs. */
const BY_LEDGER: Readonly<Record<string, (commands: Commands, to: string) => string>> = {
  'release.hold': (_commands, to) => `npm run resume -- ${to} --reason "…"`,
  'release.on-main': ({ promote }) => promote,
  'release.recorded': ({ promote }) => promote,
  'release.state': ({ promote }) => `${promote} --retry`,
};

/** What no deployment of the release mends. */
const BY_PEOPLE: ReadonlySet<string> = new Set([
  'release.orphan',
  'release.stack-by-hand',
  'topic.subscription-confirmed',
]);

/**
 * Stacks that differ from the release are deployed again, in any account. What differs live only, CloudFormation reverts
 * where it sees it: the emulator never, and AWS not what it looked at without finding anything, as an extra inline policy.
 */
function canRedeploy({ checks, resource }: Found, { local, checks: all, resources }: RemedyContext): boolean {
  const deployable = checks.filter(({ id }) => !BY_PEOPLE.has(id));
  if (deployable.some(({ detector }) => detector === 'release')) return true;
  if (isOfLostStack(checks, resource, { checks: all, resources })) return true;
  if (isOfChangedStack(resource, { checks: all, resources })) return true;
  if (local || deployable.length === 0) return false;
  if (deployable.some(({ detector }) => detector === 'cloudformation')) return true;
  // Probes speak of what is in no stack too: the default security group.
  if (resource === null) return false;
  const key = resourceKey(resource);
  return !all.some(
    (check) => check.detector === 'cloudformation' && check.resource && resourceKey(check.resource) === key,
  );
}

/** What is gone with its stack comes back with it. */
function isOfLostStack(
  checks: readonly DriftCheck[],
  resource: CheckedResource | null,
  { checks: all, resources }: Pick<RemedyContext, 'checks' | 'resources'>,
): boolean {
  const isListed = resource !== null && resources.some((each) => resourceKey(each) === resourceKey(resource));
  const isStackLost = all.some(({ id, status }) => id === 'release.stack' && status === 'fail');
  return isStackLost && !isListed && checks.every(({ property }) => property === PRESENT);
}

/** What was deployed past the ledger goes back with its stack's template. */
function isOfChangedStack(
  resource: CheckedResource | null,
  { checks, resources }: Pick<RemedyContext, 'checks' | 'resources'>,
): boolean {
  const listed = resource && resources.find((each) => resourceKey(each) === resourceKey(resource));
  if (!listed) return false;
  const stack = resourceKey(stackResource(listed.stack));
  return checks.some(
    (check) =>
      check.id === 'release.template' && check.status === 'fail' && resourceKey(check.resource ?? listed) === stack,
  );
}

function undo({ resource, checks, differences }: Found, { environment, local, ...context }: RemedyContext): string[] {
  if (resource === null) return [];
  const commands = differences.flatMap(({ property }) =>
    undoCommands({
      resource,
      property,
      checks: checks.filter((check) => check.property === property || isBelow(property, check.property)),
      config: context.config,
      resources: context.resources,
    }),
  );
  const unique = [...new Set(commands)];
  if (unique.length === 0) return [];
  // The emulator's address and credentials come with the shell.
  if (local) return [`eval "$(npm run -s env -- --env ${environment} --local)"`, ...unique];
  return context.config === undefined
    ? unique
    : unique.map((command) => `${command} --region ${context.config?.region}`);
}
