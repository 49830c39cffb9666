/**
 * What GitHub Actions needs in an account: the OIDC provider, a read and a deploy role per environment, the store of
 * releases; and the role API Gateway logs with, as IAM has it once per account.
 *
 * An administrator deploys it with credentials of their own, before `cdk bootstrap`; it is no part of a release: what
 * a merge deploys must not be able to change who may deploy.
 */
import { CliCredentialsStackSynthesizer, Duration, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, OidcProviderNative, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { PipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { API_LOGS_ROLE, RELEASE_STORE_PARAMETER, RELEASE_STORE_PREFIX, TAG_KEYS } from '../../environments/naming.ts';
import { EncryptedBucket } from '../constructs/encrypted-bucket.ts';
import { GITHUB_AUDIENCE, GITHUB_ISSUER, GitHubRole } from '../constructs/github-role.ts';
import { BaseStack, type BaseStackProps, complianceTags } from './base-stack.ts';
import { deployPermissions, readPermissions, WILDCARD_REASONS } from './pipeline-permissions.ts';

export interface PipelineStackProps extends BaseStackProps {
  readonly home: PipelineHome;
  /** ARN of the account's GitHub provider, if it has one already: there can be only one. */
  readonly oidcProviderArn?: string;
}

export class PipelineStack extends BaseStack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    const { home, oidcProviderArn, ...stackProps } = props;
    super(scope, id, {
      description: 'What GitHub Actions needs in this account',
      synthesizer: new CliCredentialsStackSynthesizer(),
      env: { account: home.account, region: home.region },
      tags: tagsOf(props),
      ...stackProps,
    });

    for (const [sid, reason] of Object.entries(WILDCARD_REASONS)) {
      Validations.of(this).acknowledge({ id: `House-rules::wildcard-resource[${sid}]`, reason });
    }
    if (home.environments.length === 0) {
      const text = `account ${home.account} holds no environment: with whose credentials is this?`;
      Validations.of(this).addWarning('no-environment', text);
    }
    const store = this.releaseStore();
    const providerArn = oidcProviderArn ?? this.gitHubProvider();
    for (const environment of home.environments) this.addRoles(environment, { store, providerArn, ...props });
    this.apiLogsRole();
  }

  private releaseStore(): Bucket {
    const store = new EncryptedBucket(this, 'Releases', {
      namePrefix: RELEASE_STORE_PREFIX,
      lifecycleRules: [{ id: 'remove-old-versions', noncurrentVersionExpiration: Duration.days(365) }],
    });
    new StringParameter(this, 'ReleaseStoreName', {
      parameterName: RELEASE_STORE_PARAMETER,
      stringValue: store.bucketName,
      description: 'The bucket of the releases deployed to this account, and of their history',
    });
    return store;
  }

  /** No thumbprint: IAM checks GitHub's certificate against its own list of authorities. */
  private gitHubProvider(): string {
    return new OidcProviderNative(this, 'GitHub', { url: `https://${GITHUB_ISSUER}`, clientIds: [GITHUB_AUDIENCE] })
      .oidcProviderArn;
  }

  private addRoles(
    { name, account, region }: EnvironmentConfig,
    { store, providerArn, repository }: { store: Bucket; providerArn: string; repository: string },
  ): void {
    const place = { partition: this.partition, account, region, environment: name };
    new GitHubRole(this, `Read-${name}`, {
      roleName: `gitops-read-${name}`,
      description: `Diff, drift and status of ${name}: changes nothing, reads no data`,
      providerArn,
      repository,
      githubEnvironments: [name],
      permissions: readPermissions(place),
    });
    new GitHubRole(this, `Deploy-${name}`, {
      roleName: `gitops-deploy-${name}`,
      description: `Deploys releases to ${name} and records them`,
      providerArn,
      repository,
      githubEnvironments: [name, `${name}-rollback`],
      permissions: deployPermissions(place, store.bucketArn),
    });
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
