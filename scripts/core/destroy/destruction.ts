/**
 * What destroying an environment means: who may, in which order its stacks go, and why a full bucket stops it. Pure.
 */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import { COMPONENTS, type Component, stackName } from '../../../environments/naming.ts';
import { EXIT, GitOpsError, UsageError } from '../errors.ts';

/** What writes orders and trades, and what watches: last deployed, first destroyed. */
const WRITERS: readonly Component[] = ['monitoring', 'api', 'lambda'];

/**
 * Holds a person to what they are about to do.
 * @throws UsageError when the name typed again is another one, or a production stage lacks its second yes
 */
export function checkConfirmation(
  environment: Pick<EnvironmentConfig, 'name' | 'stage'>,
  { confirm, yesProduction }: { readonly confirm: string | undefined; readonly yesProduction: boolean },
): void {
  const { name, stage } = environment;
  if (confirm !== name) {
    const typed = confirm === undefined ? 'nothing was' : `"${confirm}" was`;
    throw new UsageError(`Destroying ${name} takes its name typed again: --confirm ${name} (${typed} given).`);
  }
  if (stage === 'production' && !yesProduction) {
    throw new UsageError(`${name} is a production stage: destroying it takes --yes-production too.`);
  }
}

export interface DestructionOrder {
  /** What writes orders and trades, and what watches: one wave after the other. */
  readonly writers: readonly (readonly string[])[];
  /** What holds data, and what the rest stood on. Begun only when no writer is left and the data is safe. */
  readonly holders: readonly string[];
}

/**
 * The order in which an environment's stacks go. A stack that the naming rule does not know goes first; one that holds
 * data goes last, whatever its name.
 * @param holding names of the stacks with a table or a bucket in them
 */
export function orderOfDestruction(
  environment: string,
  stackNames: readonly string[],
  holding: ReadonlySet<string>,
): DestructionOrder {
  const known = COMPONENTS.map((component) => stackName(component, environment));
  const unknown = stackNames.filter((name) => !known.includes(name));
  const writers = [unknown, ...WRITERS.map((component) => [stackName(component, environment)])]
    .map((wave) => wave.filter((name) => stackNames.includes(name) && !holding.has(name)))
    .filter((wave) => wave.length > 0);
  return { writers, holders: stackNames.filter((name) => !writers.flat().includes(name)) };
}

/** What a bucket holds, as far as it was counted. */
export interface BucketContents {
  readonly bucket: string;
  readonly versions: number;
  readonly deleteMarkers: number;
  /** True when counting stopped before the end. */
  readonly more: boolean;
}

export const isEmpty = ({ versions, deleteMarkers }: BucketContents): boolean => versions === 0 && deleteMarkers === 0;

/** Thrown while a bucket holds anything: nothing has been destroyed that holds data. Exit 1. */
export class BucketNotEmptyError extends GitOpsError {
  readonly buckets: readonly BucketContents[];

  constructor(environment: string, buckets: readonly BucketContents[], endpoint?: string) {
    super(renderFullBuckets(environment, buckets, endpoint), {
      code: 'BUCKET_NOT_EMPTY',
      source: 'user',
      exitCode: EXIT.failed,
    });
    this.buckets = buckets;
  }
}

/** Thrown when the table's backup did not come about: the table is left. Exit 1. */
export class BackupFailedError extends GitOpsError {
  constructor(table: string, why: string, cause?: unknown) {
    super(`The backup of ${table} failed, so the table is left: ${why}. Mend that and run destroy again.`, {
      code: 'BACKUP_FAILED',
      source: 'user',
      exitCode: EXIT.failed,
      cause,
    });
  }
}

function renderFullBuckets(environment: string, buckets: readonly BucketContents[], endpoint?: string): string {
  const at = endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`;
  return [
    `${environment} is not destroyed: trade data would be lost.`,
    ...buckets.flatMap(({ bucket, versions, deleteMarkers, more }) => [
      `${bucket} holds ${more ? 'more than ' : ''}${versions} object versions and ${deleteMarkers} delete markers.`,
      `  To keep the data, export it:  aws${at} s3 sync s3://${bucket} ./${bucket}`,
      '  (that copies the newest versions; older ones are read with s3api get-object --version-id)',
      '  To empty it for good, repeat until nothing is left:',
      `    aws${at} s3api list-object-versions --bucket ${bucket} --max-items 1000 --output json --query '{Quiet: \`true\`, Objects: [Versions, DeleteMarkers][][].{Key: Key, VersionId: VersionId}}' > batch.json`,
      `    aws${at} s3api delete-objects --bucket ${bucket} --delete file://batch.json`,
    ]),
    'Then run destroy again.',
  ].join('\n');
}
