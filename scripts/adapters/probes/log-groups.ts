/** Does every log group of the environment keep its entries as long as the JSON says, and no longer? */
import { type LogGroup, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { resourceName, stackName } from '../../../environments/naming.ts';
import { describeDuration } from '../../core/render/duration.ts';
import { assessPresent } from '../../core/validation/assess.ts';
import { DAY_SECONDS } from '../../core/validation/house-rules.ts';
import { exactly } from '../../core/validation/matchers.ts';
import { type Observation, partOf } from '../../core/validation/observation.ts';
import type { AwsClients } from '../aws-clients.ts';
import { observe } from './observe.ts';
import { type Probe, remedyFor } from './probe.ts';

export const logGroups: Probe = {
  name: 'log groups',
  observe: async (context) => {
    const { name: environment, logs } = context.config;
    const names = new Set([
      `/aws/lambda/${resourceName('order-intake', environment)}`,
      `/aws/lambda/${resourceName('order-processing', environment)}`,
      `/aws/apigateway/${resourceName('trading-api', environment)}`,
      `/aws/vpc/${stackName('vpc', environment)}`,
      ...context.inventory.stacks.flatMap(({ resources }) =>
        resources.state === 'observed'
          ? resources.value.filter(({ type }) => type === 'AWS::Logs::LogGroup').map(({ physicalId }) => physicalId)
          : [],
      ),
    ]);
    const checks = await Promise.all(
      [...names].map(async (name) =>
        assessPresent(
          { name, resource: { type: 'AWS::Logs::LogGroup', id: name } },
          'log-group.present',
          await find(name, context.clients),
          [
            {
              id: 'log-group.retention',
              expected: exactly(describeDuration(logs.retentionDays * DAY_SECONDS)),
              actual: ({ retentionInDays }) =>
                retentionInDays === undefined ? 'for ever' : describeDuration(retentionInDays * DAY_SECONDS),
              remedy: remedyFor(context, 'logs.retentionDays'),
            },
          ],
        ),
      ),
    );
    const unread = context.inventory.stacks.flatMap(({ name, resources }) =>
      resources.state === 'unanswered'
        ? assessPresent({ name: `log groups of ${name}` }, 'log-group.present', resources, [])
        : [],
    );
    return [...checks.flat(), ...unread];
  },
};

/** There is no read of one group: a listing by prefix, whose first page may hold longer names only. */
async function find(name: string, { cloudwatchLogs }: AwsClients): Promise<Observation<LogGroup>> {
  const listed = await observe(async () => {
    for await (const page of paginateDescribeLogGroups({ client: cloudwatchLogs }, { logGroupNamePrefix: name })) {
      const found = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
      if (found !== undefined) return found;
    }
    return null;
  });
  return partOf(listed, (group) => group ?? undefined);
}
