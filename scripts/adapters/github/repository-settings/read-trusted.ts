/** Which repository the roles in AWS trust, as cdk.json says: synthesis puts it into their trust policies. */
import { readFileSync } from 'node:fs';
import { EXIT, GitOpsError } from '../../../core/errors.ts';
import type { TrustedRepository } from '../../../core/github-settings/prerequisites.ts';

/** Thrown when cdk.json can't be read. Exit 2. */
export class CdkJsonUnreadableError extends GitOpsError {
  constructor(file: string, cause: unknown) {
    super(`${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'CDK_JSON_UNREADABLE',
      source: 'user',
      exitCode: EXIT.usage,
      cause,
    });
  }
}

/** @throws CdkJsonUnreadableError */
export function readTrustedRepository(file: string): TrustedRepository {
  let context: Readonly<Record<string, unknown>>;
  try {
    context = (JSON.parse(readFileSync(file, 'utf8')) as { context?: Record<string, unknown> }).context ?? {};
  } catch (error) {
    throw new CdkJsonUnreadableError(file, error);
  }
  const { repository, repositoryOwnerId: owner, repositoryId: id } = context;
  const ids = owner && id ? { owner: String(owner), repository: String(id) } : undefined;
  return { name: typeof repository === 'string' ? repository : '', ids };
}
