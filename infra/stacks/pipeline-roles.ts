/** The four GitHub roles of an environment: who may take each of them is said here, what they may do beside. */

import { Stack } from 'aws-cdk-lib';
import { ArnPrincipal, type IManagedPolicy, ManagedPolicy, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { PipelineHome } from '../../environments/accounts.ts';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { gitOpsRoleName, rollbackGitHubEnvironment } from '../../environments/naming.ts';
import { GitHubRole } from '../constructs/github-role.ts';
import { type GitHubRepository, inEnvironment, onMain, onPullRequest } from '../constructs/github-trust.ts';
import { environmentInspection } from './pipeline-inspection.ts';
import { deployPermissions, destroyPermissions, readPermissions, validatePermissions } from './pipeline-permissions.ts';
import { iamArn, type Place } from './pipeline-place.ts';

export interface EnvironmentRolesProps {
  readonly environment: EnvironmentConfig;
  readonly home: PipelineHome;
  /** What the roles of all environments of the account may look at. */
  readonly accountInspection: IManagedPolicy;
  readonly providerArn: string;
  readonly repository: GitHubRepository;
}

export class EnvironmentRoles extends Construct {
  constructor(scope: Construct, id: string, { environment, home, accountInspection, ...trust }: EnvironmentRolesProps) {
    super(scope, id);
    const { name } = environment;
    const before = home.environments.find((other) => other.name === environment.promotion.after);
    const place: Place = {
      partition: Stack.of(this).partition,
      account: environment.account,
      region: environment.region,
      environment: name,
      predecessor: before?.name,
      homeRegion: home.region,
    };
    const inspection = new ManagedPolicy(this, 'Inspect', {
      managedPolicyName: `gitops-inspect-${name}`,
      description: `Looks at how ${name} is set up, reads nothing it holds`,
      statements: environmentInspection(place),
    });
    const managedPolicies = [accountInspection, inspection];
    const shared = { ...trust, managedPolicies };

    new GitHubRole(this, 'Read', {
      ...shared,
      roleName: gitOpsRoleName('read', name),
      description: `Diff, drift and status of ${name}: changes nothing, reads no data`,
      trusted: [{ contexts: [onPullRequest] }, { contexts: [onMain], workflows: ['deploy.yml', 'drift.yml'] }],
      permissions: readPermissions(place),
    });
    const deploy = new GitHubRole(this, 'Deploy', {
      ...shared,
      roleName: gitOpsRoleName('deploy', name),
      description: `Deploys releases to ${name} and records them`,
      trusted: [
        { contexts: [inEnvironment(name), inEnvironment(rollbackGitHubEnvironment(name))], workflows: ['deploy.yml'] },
      ],
      permissions: deployPermissions(place, iamArn(place, `role/${gitOpsRoleName('validate', name)}`)),
    });
    new Role(this, 'Validate', {
      roleName: gitOpsRoleName('validate', name),
      description: `Validates ${name} by one synthetic order`,
      assumedBy: new ArnPrincipal(deploy.roleArn),
      managedPolicies,
      inlinePolicies: { own: new PolicyDocument({ statements: validatePermissions(place) }) },
    });
    new GitHubRole(this, 'Destroy', {
      ...shared,
      roleName: gitOpsRoleName('destroy', name),
      description: `Destroys ${name} after saving what it holds`,
      trusted: [{ contexts: [inEnvironment(name)], workflows: ['destroy.yml'] }],
      permissions: destroyPermissions(place),
    });
  }
}
