/** The changes of a change set, read off two templates: enough of CloudFormation's own reckoning for tests. */
import { isDeepStrictEqual } from 'node:util';
import type { Change, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import type { FakeChangeSet, FakeStack, FakeTemplateResource } from './world.ts';

/** Resources added, removed and modified, in the order of their names. A new stack adds them all. */
export function changesBetween(stack: FakeStack, changeSet: FakeChangeSet): Change[] {
  const before = stack.status === 'REVIEW_IN_PROGRESS' ? {} : (stack.template.Resources ?? {});
  const after = changeSet.template.Resources ?? {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((logicalId) => change(stack.name, logicalId, before[logicalId], after[logicalId]) ?? []);
}

function change(
  stackName: string,
  logicalId: string,
  before: FakeTemplateResource | undefined,
  after: FakeTemplateResource | undefined,
): Change | undefined {
  const LogicalResourceId = logicalId;
  const PhysicalResourceId = `${stackName}-${logicalId}`;
  const BeforeContext = before && JSON.stringify({ Properties: before.Properties ?? {} });
  const AfterContext = after && JSON.stringify({ Properties: after.Properties ?? {} });
  if (before === undefined) {
    return resource({ Action: 'Add', LogicalResourceId, ResourceType: after?.Type, AfterContext });
  }
  const known = { LogicalResourceId, PhysicalResourceId, BeforeContext, AfterContext };
  if (after === undefined) return resource({ Action: 'Remove', ResourceType: before.Type, ...known });
  const details = differences(before, after);
  if (details.length === 0 && before.Type === after.Type) return undefined;
  const Replacement = before.Type === after.Type ? 'False' : 'True';
  return resource({
    Action: 'Modify',
    ResourceType: after.Type,
    Replacement,
    Scope: ['Properties'],
    Details: details,
    ...known,
  });
}

const resource = (ResourceChange: NonNullable<Change['ResourceChange']>): Change => ({
  Type: 'Resource',
  ResourceChange,
});

function differences(before: FakeTemplateResource, after: FakeTemplateResource): ResourceChangeDetail[] {
  const names = [...new Set([...Object.keys(before.Properties ?? {}), ...Object.keys(after.Properties ?? {})])].sort();
  return names
    .filter((name) => !isDeepStrictEqual(before.Properties?.[name], after.Properties?.[name]))
    .map((Name) => ({
      Target: { Attribute: 'Properties', Name, RequiresRecreation: 'Never' },
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
    }));
}
