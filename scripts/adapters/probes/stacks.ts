/** Are the environment's stacks there, and did their last operation succeed? */
import type { Stack } from '@aws-sdk/client-cloudformation';
import { assessPresent, type Expectation } from '../../core/validation/assess.ts';
import { oneOf } from '../../core/validation/matchers.ts';
import type { Probe } from './probe.ts';

/** The statuses in which what the template says is what there is. UPDATE_ROLLBACK_COMPLETE is not success. */
const COMPLETE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'];

const EXPECTATIONS: readonly Expectation<Stack>[] = [
  {
    id: 'stack.complete',
    expected: oneOf(COMPLETE),
    actual: ({ StackStatus }) => StackStatus,
    remedy: 'Read the stack’s events for the first failure, mend it, and deploy again.',
  },
];

export const stacks: Probe = {
  name: 'stacks',
  observe: async ({ inventory }) =>
    inventory.stacks.flatMap(({ name, description }) =>
      assessPresent(
        { name, resource: { type: 'AWS::CloudFormation::Stack', id: name } },
        'stack.present',
        description,
        EXPECTATIONS,
        'Deploy the environment.',
      ),
    ),
};
