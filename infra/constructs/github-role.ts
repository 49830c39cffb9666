/**
 * A role that jobs of one repository take over with their OIDC token: no key to keep, none to leak. Trust is exact,
 * never a pattern: a `*` in a subject is how somebody else's branch gets in.
 */
import { Duration } from 'aws-cdk-lib';
import {
  CompositePrincipal,
  FederatedPrincipal,
  type IManagedPolicy,
  PolicyDocument,
  type PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type GitHubJobs, type GitHubRepository, subjectsOf, workflowRef } from './github-trust.ts';

/** GitHub's issuer, without the scheme, as IAM names its condition keys. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';
export const GITHUB_AUDIENCE = 'sts.amazonaws.com';

export interface GitHubRoleProps {
  readonly roleName: string;
  readonly description: string;
  readonly providerArn: string;
  readonly repository: GitHubRepository;
  /** Who may take the role; one statement of trust for each. */
  readonly trusted: readonly GitHubJobs[];
  readonly managedPolicies: readonly IManagedPolicy[];
  /** What it may do beyond them. */
  readonly permissions: readonly PolicyStatement[];
}

export class GitHubRole extends Role {
  constructor(scope: Construct, id: string, props: GitHubRoleProps) {
    const { providerArn, repository } = props;
    super(scope, id, {
      roleName: props.roleName,
      description: props.description,
      maxSessionDuration: Duration.hours(1),
      managedPolicies: [...props.managedPolicies],
      inlinePolicies: { own: new PolicyDocument({ statements: [...props.permissions] }) },
      assumedBy: new CompositePrincipal(...props.trusted.map((jobs) => principal(jobs, providerArn, repository))),
    });
  }
}

function principal(
  { contexts, workflows }: GitHubJobs,
  providerArn: string,
  repository: GitHubRepository,
): FederatedPrincipal {
  const claims = {
    aud: GITHUB_AUDIENCE,
    sub: subjectsOf(repository, contexts),
    ...(workflows && { job_workflow_ref: workflows.map((file) => workflowRef(repository, file)) }),
  };
  const conditions = Object.fromEntries(
    Object.entries(claims).map(([key, value]) => [`${GITHUB_ISSUER}:${key}`, value]),
  );
  return new FederatedPrincipal(providerArn, { StringEquals: conditions }, 'sts:AssumeRoleWithWebIdentity');
}
