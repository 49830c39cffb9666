/**
 * What `npm start` ends with: a table of the environments, what went wrong, and a line that posts an order. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { formatElapsed } from '../../adapters/reporter/text.ts';
import type { CriticalPath } from '../../core/promotion/critical-path.ts';
import { type Release, releaseLabel, shortId } from '../../core/release/release.ts';
import { renderTable } from '../../core/render/table.ts';
import type { EnvironmentPromotion } from '../../operations/promotion-result.ts';

export interface Ending {
  readonly release: Release;
  readonly criticalPath: CriticalPath;
  readonly environments: readonly StartedEnvironment[];
}

export interface StartedEnvironment {
  readonly result: EnvironmentPromotion;
  readonly authorization: EnvironmentConfig['api']['authorization'];
  /** Of its API, from this machine; null when there is none. */
  readonly url: string | null;
}

const HOLDS_THE_RELEASE: readonly string[] = ['validated', 'nothing-to-do'];

/** The last line is the one to paste, where an environment takes unsigned orders. */
export function renderEnding({ release, criticalPath, environments }: Ending): string {
  const table = renderTable({
    head: ['environment', 'state', 'release', 'stacks', 'checks', 'API endpoint'],
    rows: environments.map(({ result, url }) => [
      result.environment,
      HOLDS_THE_RELEASE.includes(result.outcome) ? 'validated' : result.outcome,
      HOLDS_THE_RELEASE.includes(result.outcome) ? shortId(release.id) : '-',
      result.outcome === 'nothing-to-do' ? 'unchanged' : String(result.stacks.length),
      checksOf(result),
      url ?? '-',
    ]),
  });
  const troubles = environments.flatMap(({ result }) => {
    const { environment, message, details } = result;
    if (HOLDS_THE_RELEASE.includes(result.outcome)) return [];
    return [`${environment}: ${message}`, ...details.map((line) => `  ${line}`)];
  });
  const took = criticalPath.steps.length === 0 ? [] : [`Promoted in ${formatElapsed(criticalPath.milliseconds)}.`];
  return [table, `Release ${releaseLabel(release)}`, ...took, ...troubles, ...firstOrder(environments)].join('\n');
}

function checksOf({ outcome, counts }: EnvironmentPromotion): string {
  if (outcome === 'nothing-to-do') return 'as before';
  if (counts === null) return '-';
  const { pass, fail, unknown } = counts;
  return [`${pass} passed`, fail && `${fail} failed`, unknown && `${unknown} unknown`].filter(Boolean).join(', ');
}

function firstOrder(environments: readonly StartedEnvironment[]): string[] {
  const open = environments.find(
    ({ result, authorization, url }) =>
      url !== null && authorization === 'NONE' && HOLDS_THE_RELEASE.includes(result.outcome),
  );
  if (open === undefined) return [];
  const order = `{"orderId":"test-order-1","customerId":"customer-123","amount":1000}`;
  return [
    '',
    `Post an order to ${open.result.environment}, then read it at ${open.url}/orders/test-order-1:`,
    `curl -i -X POST ${open.url}/orders -H "Content-Type: application/json" -d '${order}'`,
  ];
}
