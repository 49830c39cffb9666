/**
 * `endpoint`: where the API of an environment answers. A workflow shows it as the address of its deployment.
 */
import { parameterName } from '../../../environments/naming.ts';
import type { CommandResult } from '../../adapters/cli/command.ts';
import { orderApiUrl } from '../../adapters/order-api.ts';
import type { Target } from '../../adapters/target.ts';
import { EXIT, GitOpsError, UsageError } from '../../core/errors.ts';

/** Thrown when an environment has published no API endpoint. */
export class NoEndpointError extends GitOpsError {
  constructor(environment: string, parameter: string) {
    super(
      `${environment} has no API: nothing is in ${parameter}. Deploy it first: npm run promote -- --until ${environment}`,
      {
        code: 'NO_ENDPOINT',
        source: 'user',
        exitCode: EXIT.failed,
      },
    );
  }
}

export interface Dependencies {
  /** Value of an SSM parameter of the target; undefined where there is none. */
  readonly readParameter: (target: Target, name: string) => Promise<string | undefined>;
}

/** @throws UsageError unless exactly one environment is named; NoEndpointError */
export async function run(targets: readonly Target[], { readParameter }: Dependencies): Promise<CommandResult> {
  const [target, ...more] = targets;
  if (target === undefined || more.length > 0) throw new UsageError('Name one environment with --env.');
  const { name } = target.environment;
  const parameter = parameterName(name, 'api-endpoint');
  const published = await readParameter(target, parameter);
  if (published === undefined) throw new NoEndpointError(name, parameter);
  const endpoint = orderApiUrl(published, target);
  return {
    exitCode: EXIT.done,
    document: { environment: name, endpoint },
    text: endpoint,
    outputs: { endpoint },
  };
}
