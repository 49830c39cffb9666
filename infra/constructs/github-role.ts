/**
 * A role that jobs of one repository take over with their OIDC token: no key to keep, none to leak. Trust is exact,
 * never a pattern: a `*` in a subject is how somebody else's branch gets in.
 */
import { Duration } from 'aws-cdk-lib';
import { FederatedPrincipal, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** GitHub's issuer, without the scheme, as IAM names its condition keys. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';
export const GITHUB_AUDIENCE = 'sts.amazonaws.com';

export interface GitHubRoleProps {
  readonly roleName: string;
  readonly description: string;
  readonly providerArn: string;
  /** `owner/name` */
  readonly repository: string;
  /** GitHub environments whose jobs may take the role. Their protection rules are the gate in front of it. */
  readonly githubEnvironments: readonly string[];
  readonly permissions: readonly PolicyStatement[];
}

export class GitHubRole extends Role {
  constructor(scope: Construct, id: string, props: GitHubRoleProps) {
    super(scope, id, {
      roleName: props.roleName,
      description: props.description,
      maxSessionDuration: Duration.hours(1),
      assumedBy: new FederatedPrincipal(
        props.providerArn,
        {
          StringEquals: {
            [`${GITHUB_ISSUER}:aud`]: GITHUB_AUDIENCE,
            [`${GITHUB_ISSUER}:sub`]: props.githubEnvironments.map(
              (name) => `repo:${props.repository}:environment:${name}`,
            ),
          },
        },
        'sts:AssumeRoleWithWebIdentity',
      ),
    });
    for (const statement of props.permissions) this.addToPrincipalPolicy(statement);
  }
}
