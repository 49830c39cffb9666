/** The resources of a stack, over all pages. */
import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';

export interface ListedResource {
  readonly stackName: string;
  readonly logicalId: string;
  /** Empty before the resource exists. */
  readonly physicalId: string;
  /** `AWS::S3::Bucket` */
  readonly type: string;
  /** A resource's own status: `DELETE_SKIPPED` was kept on purpose. */
  readonly status: string;
}

/** @param stackName name, or id for a deleted stack */
export async function listResources(
  client: CloudFormationClient,
  stackName: string,
  signal?: AbortSignal,
): Promise<ListedResource[]> {
  const listed: ListedResource[] = [];
  const pages = paginateListStackResources({ client }, { StackName: stackName }, { abortSignal: signal });
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const resource of StackResourceSummaries) {
      listed.push({
        stackName,
        logicalId: resource.LogicalResourceId ?? '',
        physicalId: resource.PhysicalResourceId ?? '',
        type: resource.ResourceType ?? '',
        status: resource.ResourceStatus ?? '',
      });
    }
  }
  return listed;
}
