/**
 * Makes an SDK client lose answers: the service has done what was asked, and the client sees a broken connection.
 */
import type { S3Client } from '@aws-sdk/client-s3';

/** The next answer to a command of this name is lost; the SDK then retries, as it would. */
export function loseAnswer(client: S3Client, command: string): void {
  let left = 1;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (context.commandName !== command || left === 0) return answer;
      left -= 1;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    },
    // Inside the SDK's retries, which are in the step before.
    { step: 'deserialize', priority: 'high' },
  );
}
