/**
 * Time limits of every AWS SDK client, so that one slow call can't eat the function's whole time.
 *
 * Worst case 3 attempts of 2 s each, plus back-off below 1 s: intake makes 2 calls (under API Gateway's 29 s),
 * processing 3 (under the shortest function timeout, 30 s).
 */
export const SDK_SETTINGS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    // Without it the SDK only warns when the time is up, and waits on.
    throwOnRequestTimeout: true,
  },
};
