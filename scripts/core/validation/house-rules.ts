/**
 * What every environment has, whatever its JSON says: infra's house defaults as validation looks for them. Pure.
 *
 * Why they stand here too: validation has to notice when infra stops doing this, so it can't ask infra.
 */

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
export const FUNCTION_RUNTIME = 'nodejs24.x';
export const FUNCTION_ARCHITECTURE = 'arm64';
/** Days a dead letter stays, and the longest SQS allows: time to look at it must not run out. */
export const DEAD_LETTER_RETENTION_DAYS = 14;
/** Functions talk TLS and nothing else. */
export const EGRESS_PORT = 443;
/** Functions of every environment, by their resource type. */
export const FUNCTIONS = ['order-intake', 'order-processing'] as const;
export const DAY_SECONDS = 86_400;
