/**
 * What GitHub Actions needs in an account: the OIDC provider, four roles per environment, what CloudFormation may do for
 * them, and the store of releases; and the role API Gateway logs with, as IAM has it once per account.
 *
 * An administrator deploys it with credentials of their own, before `cdk bootstrap`; it is no part of a release: what
 * a merge deploys must not be able to change who may deploy.
 */
import { CfnOutput, Duration, LegacyStackSynthesizer, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, OidcProviderNative, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { PipelineHome } from '../../environments/accounts.ts';
import {
  API_LOGS_ROLE,
  EXECUTION_POLICY,
  EXECUTION_POLICY_OUTPUT,
  RELEASE_STORE_PARAMETER,
  RELEASE_STORE_PREFIX,
  ROLE_BOUNDARY,
  TAG_KEYS,
} from '../../environments/naming.ts';
import { EncryptedBucket } from '../constructs/encrypted-bucket.ts';
import { GITHUB_AUDIENCE, GITHUB_ISSUER } from '../constructs/github-role.ts';
import type { GitHubRepository } from '../constructs/github-trust.ts';
import { BaseStack, type BaseStackProps, complianceTags } from './base-stack.ts';
import { BOUNDARY_REASONS, boundaryStatements } from './pipeline-boundary.ts';
import { EXECUTION_REASONS, executionStatements, WHOLE_SERVICE_REASONS } from './pipeline-execution.ts';
import { accountInspection, INSPECTION_REASONS } from './pipeline-inspection.ts';
import { PERMISSION_REASONS } from './pipeline-permissions.ts';
import { EnvironmentRoles } from './pipeline-roles.ts';

export interface PipelineStackProps extends BaseStackProps {
  readonly home: PipelineHome;
  /** ARN of the account's GitHub provider, if it has one already: there can be only one. */
  readonly oidcProviderArn?: string;
  /** Ids of the repository and its owner, once known: its tokens are then trusted with them too. */
  readonly repositoryIds?: GitHubRepository['ids'];
}

export class PipelineStack extends BaseStack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    const { home, oidcProviderArn, repositoryIds, ...stackProps } = props;
    super(scope, id, {
      description: 'What GitHub Actions needs in this account',
      // No role is taken and nothing asked of an account that is not bootstrapped yet: the template travels in the request.
      synthesizer: new LegacyStackSynthesizer(),
      env: { account: home.account, region: home.region },
      tags: tagsOf(props),
      ...stackProps,
    });
    this.acknowledgeWildcards();
    if (home.environments.length === 0) {
      const text = `account ${home.account} holds no environment: with whose credentials is this?`;
      Validations.of(this).addWarning('no-environment', text);
    }

    this.releaseStore();
    const providerArn = oidcProviderArn ?? this.gitHubProvider();
    const repository = { name: props.repository, ...(repositoryIds && { ids: repositoryIds }) };
    const inspection = new ManagedPolicy(this, 'Inspect', {
      managedPolicyName: 'gitops-inspect',
      description: 'Looks at what the environments of this account share',
      statements: accountInspection({ partition: this.partition, account: home.account, homeRegion: home.region }),
    });
    for (const environment of home.environments) {
      new EnvironmentRoles(this, environment.name, {
        environment,
        home,
        accountInspection: inspection,
        providerArn,
        repository,
      });
    }
    this.executionPolicy();
    this.apiLogsRole();
  }

  private acknowledgeWildcards(): void {
    const reasons = { ...INSPECTION_REASONS, ...PERMISSION_REASONS, ...EXECUTION_REASONS, ...BOUNDARY_REASONS };
    for (const [sid, reason] of Object.entries(reasons)) {
      Validations.of(this).acknowledge({ id: `House-rules::wildcard-resource[${sid}]`, reason });
    }
    for (const [sid, reason] of Object.entries(WHOLE_SERVICE_REASONS)) {
      Validations.of(this).acknowledge({ id: `House-rules::wildcard-action[${sid}]`, reason });
    }
  }

  private releaseStore(): void {
    const store = new EncryptedBucket(this, 'Releases', {
      namePrefix: RELEASE_STORE_PREFIX,
      lifecycleRules: [{ id: 'remove-old-versions', noncurrentVersionExpiration: Duration.days(365) }],
    });
    new StringParameter(this, 'ReleaseStoreName', {
      parameterName: RELEASE_STORE_PARAMETER,
      stringValue: store.bucketName,
      description: 'The bucket of the releases deployed to this account, and of their history',
    });
  }

  /** No thumbprint: IAM checks GitHub's certificate against its own list of authorities. */
  private gitHubProvider(): string {
    return new OidcProviderNative(this, 'GitHub', { url: `https://${GITHUB_ISSUER}`, clientIds: [GITHUB_AUDIENCE] })
      .oidcProviderArn;
  }

  /** What `cdk bootstrap` gives CloudFormation's role in each region, and the boundary that policy insists on. */
  private executionPolicy(): void {
    const boundary = new ManagedPolicy(this, 'Boundary', {
      managedPolicyName: ROLE_BOUNDARY,
      description: 'The most a role of an environment can do',
      statements: boundaryStatements(this),
    });
    const execution = new ManagedPolicy(this, 'Execution', {
      managedPolicyName: EXECUTION_POLICY,
      description: 'What CloudFormation may do for a deployment',
      statements: executionStatements(this, boundary.managedPolicyArn),
    });
    new CfnOutput(this, EXECUTION_POLICY_OUTPUT, { value: execution.managedPolicyArn });
  }

  /** Named by the API stacks of all environments and regions of this account: see there. */
  private apiLogsRole(): void {
    const role = new Role(this, 'ApiLogs', {
      roleName: API_LOGS_ROLE,
      description: 'API Gateway writes access and execution logs with it',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'API Gateway tests a role for exactly what this policy allows before it takes it.',
    });
  }
}

/** It belongs to every environment it serves, so its environment tag names them all. */
function tagsOf({ home, environment, repository }: PipelineStackProps): Record<string, string> {
  const names = home.environments.map(({ name }) => name).join(' ');
  return { ...complianceTags(environment, repository), [TAG_KEYS.environment]: names || 'none' };
}
