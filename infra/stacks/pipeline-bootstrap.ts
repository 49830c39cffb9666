/** The names `cdk bootstrap` gives, as policies need them. Pure. */
import { iamArn, type Place } from './pipeline-place.ts';

/** CDK's default: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
export const BOOTSTRAP_QUALIFIER = 'hnb659fds';

/** Roles a deployment takes: one deploys, one uploads. Not the one for look-ups, which reads all data there is. */
const ROLES = ['deploy', 'file-publishing'];

/** Of the place's own account and region. */
export const bootstrapRoleArns = (place: Place): string[] =>
  ROLES.map((role) => iamArn(place, `role/cdk-${BOOTSTRAP_QUALIFIER}-${role}-role-${place.account}-${place.region}`));
