/**
 * Finds an account's OIDC provider for GitHub Actions. An account can hold only one: where somebody made it already,
 * PipelineStack has to use that one.
 */
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import { PIPELINE_STACK } from '../../environments/naming.ts';
import type { AwsClients } from './aws-clients.ts';
import { isMissingStack } from './cloudformation/describe-stacks.ts';

/** How the ARN of GitHub's provider ends: its URL without the scheme. */
const GITHUB = /:oidc-provider\/token\.actions\.githubusercontent\.com$/;

/** @returns the provider's ARN; undefined where there is none, or where PipelineStack itself made it */
export async function findForeignGitHubProvider({
  iam,
  cloudformation,
}: Pick<AwsClients, 'iam' | 'cloudformation'>): Promise<string | undefined> {
  const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  const provider = OpenIDConnectProviderList.map(({ Arn }) => Arn).find((arn) => GITHUB.test(arn ?? ''));
  if (provider === undefined) return undefined;
  return (await physicalIds(cloudformation)).includes(provider) ? undefined : provider;
}

async function physicalIds(cloudformation: AwsClients['cloudformation']): Promise<readonly (string | undefined)[]> {
  try {
    const { StackResources = [] } = await cloudformation.send(
      new DescribeStackResourcesCommand({ StackName: PIPELINE_STACK }),
    );
    return StackResources.map(({ PhysicalResourceId }) => PhysicalResourceId);
  } catch (error) {
    if (isMissingStack(error)) return [];
    throw error;
  }
}
