/** Who a statement is for: `AWS:*`, `Service:lambda.amazonaws.com`, `AWS:${OrderIntake/Role}`. Pure. */

export const isAnyone = (principal: string): boolean => /^([A-Za-z]+:)?\*$/.test(principal);
export const isService = (principal: string): boolean => principal.startsWith('Service:');

/** An identity's own policy: the principal is the role the policy belongs to, not somebody let in. */
export const isOwnIdentity = (principal: string): boolean => principal.startsWith('AWS:${');

/** The account itself, as every key policy of CDK lets it in: its own IAM policies decide then. */
export const isOwnAccount = (principal: string, account: string): boolean =>
  principal.endsWith('{AWS::AccountId}:root') ||
  new RegExp(`^AWS:(arn:[^:]+:iam::)?${account}(:root)?$`).test(principal);

/** As people read it: a role of the stack by its construct path. */
export const principalName = (principal: string): string =>
  /^AWS:\$\{([^{}]+?)(?:\.Arn)?\}$/.exec(principal)?.[1] ?? principal;
