/**
 * The operations the fake speaks: their types and wire schemas, all taken from the AWS SDK, so that a change of the
 * service's model is a compile error here.
 */
import * as sdk from '@aws-sdk/client-cloudformation';

type Call<Input, Output> = { readonly input: Input; readonly output: Omit<Output, '$metadata'> };

export interface Operations {
  CancelUpdateStack: Call<sdk.CancelUpdateStackCommandInput, sdk.CancelUpdateStackCommandOutput>;
  ContinueUpdateRollback: Call<sdk.ContinueUpdateRollbackCommandInput, sdk.ContinueUpdateRollbackCommandOutput>;
  CreateChangeSet: Call<sdk.CreateChangeSetCommandInput, sdk.CreateChangeSetCommandOutput>;
  DeleteChangeSet: Call<sdk.DeleteChangeSetCommandInput, sdk.DeleteChangeSetCommandOutput>;
  DeleteStack: Call<sdk.DeleteStackCommandInput, sdk.DeleteStackCommandOutput>;
  DescribeChangeSet: Call<sdk.DescribeChangeSetCommandInput, sdk.DescribeChangeSetCommandOutput>;
  DescribeStackDriftDetectionStatus: Call<
    sdk.DescribeStackDriftDetectionStatusCommandInput,
    sdk.DescribeStackDriftDetectionStatusCommandOutput
  >;
  DescribeStackEvents: Call<sdk.DescribeStackEventsCommandInput, sdk.DescribeStackEventsCommandOutput>;
  DescribeStackResourceDrifts: Call<
    sdk.DescribeStackResourceDriftsCommandInput,
    sdk.DescribeStackResourceDriftsCommandOutput
  >;
  DescribeStackResources: Call<sdk.DescribeStackResourcesCommandInput, sdk.DescribeStackResourcesCommandOutput>;
  DescribeStacks: Call<sdk.DescribeStacksCommandInput, sdk.DescribeStacksCommandOutput>;
  DetectStackDrift: Call<sdk.DetectStackDriftCommandInput, sdk.DetectStackDriftCommandOutput>;
  ExecuteChangeSet: Call<sdk.ExecuteChangeSetCommandInput, sdk.ExecuteChangeSetCommandOutput>;
  GetTemplate: Call<sdk.GetTemplateCommandInput, sdk.GetTemplateCommandOutput>;
  ListChangeSets: Call<sdk.ListChangeSetsCommandInput, sdk.ListChangeSetsCommandOutput>;
  ListStackResources: Call<sdk.ListStackResourcesCommandInput, sdk.ListStackResourcesCommandOutput>;
  ListStacks: Call<sdk.ListStacksCommandInput, sdk.ListStacksCommandOutput>;
  RollbackStack: Call<sdk.RollbackStackCommandInput, sdk.RollbackStackCommandOutput>;
  UpdateTerminationProtection: Call<
    sdk.UpdateTerminationProtectionCommandInput,
    sdk.UpdateTerminationProtectionCommandOutput
  >;
}
export type OperationName = keyof Operations;
export type Input<Name extends OperationName> = Operations[Name]['input'];
export type Output<Name extends OperationName> = Operations[Name]['output'];

/** Where the SDK keeps each operation's input and output schema. */
export const OPERATION_SCHEMAS = {
  CancelUpdateStack: sdk.CancelUpdateStack$,
  ContinueUpdateRollback: sdk.ContinueUpdateRollback$,
  CreateChangeSet: sdk.CreateChangeSet$,
  DeleteChangeSet: sdk.DeleteChangeSet$,
  DeleteStack: sdk.DeleteStack$,
  DescribeChangeSet: sdk.DescribeChangeSet$,
  DescribeStackDriftDetectionStatus: sdk.DescribeStackDriftDetectionStatus$,
  DescribeStackEvents: sdk.DescribeStackEvents$,
  DescribeStackResourceDrifts: sdk.DescribeStackResourceDrifts$,
  DescribeStackResources: sdk.DescribeStackResources$,
  DescribeStacks: sdk.DescribeStacks$,
  DetectStackDrift: sdk.DetectStackDrift$,
  ExecuteChangeSet: sdk.ExecuteChangeSet$,
  GetTemplate: sdk.GetTemplate$,
  ListChangeSets: sdk.ListChangeSets$,
  ListStackResources: sdk.ListStackResources$,
  ListStacks: sdk.ListStacks$,
  RollbackStack: sdk.RollbackStack$,
  UpdateTerminationProtection: sdk.UpdateTerminationProtection$,
} as const satisfies Record<OperationName, unknown>;

/** Operations that change nothing: everything else is a mutation, for assertions on the journal. */
export const READS: ReadonlySet<OperationName> = new Set([
  'DescribeChangeSet',
  'DescribeStackDriftDetectionStatus',
  'DescribeStackEvents',
  'DescribeStackResourceDrifts',
  'DescribeStackResources',
  'DescribeStacks',
  'GetTemplate',
  'ListChangeSets',
  'ListStackResources',
  'ListStacks',
]);

export const isOperationName = (name: string): name is OperationName => Object.hasOwn(OPERATION_SCHEMAS, name);
