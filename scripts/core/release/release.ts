/**
 * A release: every environment's cloud assembly, made once from one commit, and `release.json`, which describes it. Pure.
 */
import { z } from 'zod';
import { STAGES } from '../../../environments/environment-config.ts';
import { EXIT, GitOpsError } from '../errors.ts';
import { byPath, digestFiles, type FileHash, filesOf } from './digest.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex');

/** Unknown keys are dropped, not refused: a rollback may read a release that a later version wrote. */
export const releaseSchema = z.object({
  /** Raised when an older reader would misread a newer file. */
  format: z.literal(1),
  /** `digestFiles` over `files`: same commit and accounts, same id. */
  id: sha256,
  /** Git commit it was made of, or `unknown`. Not part of the id: the same content made twice is the same release. */
  commit: z.string().min(1),
  /** When that commit was made, which orders releases; null: not known. Absent in releases made before it was recorded. */
  committedAt: z.iso.datetime({ offset: true }).nullable().default(null),
  /** The working tree differed from the commit, or that could not be found out. */
  dirty: z.boolean(),
  /** When it was made, ISO 8601 in UTC. Not part of the id. */
  createdAt: z.iso.datetime(),
  environments: z.record(
    z.string(),
    z.object({
      /** `digestFiles` over the environment's files, with paths from its own folder. */
      digest: sha256,
      account: z.string(),
      region: z.string(),
      stage: z.enum(STAGES),
      /** Names of its stacks. */
      stacks: z.array(z.string()).min(1),
    }),
  ),
  /** Versions that made it. */
  toolchain: z.record(z.string(), z.string()),
  /** Every file that counts, sorted by path. */
  files: z.array(z.object({ path: z.string(), sha256 })).min(1),
});

export type Release = z.infer<typeof releaseSchema>;
export type ReleasedEnvironment = Release['environments'][string];

/** Thrown when a `release.json` is not one, or contradicts itself. */
export class ReleaseUnreadableError extends GitOpsError {
  constructor(where: string, reason: string, cause?: unknown) {
    super(`${where} is not a release: ${reason}. Make a new one with: npm run synth`, {
      code: 'RELEASE_UNREADABLE',
      source: 'user',
      exitCode: EXIT.failed,
      cause,
    });
  }
}

export interface EnvironmentFacts extends Readonly<Omit<ReleasedEnvironment, 'digest' | 'stacks'>> {
  readonly name: string;
  readonly stacks: readonly string[];
}

export interface ReleaseFacts {
  readonly commit: string;
  /** ISO 8601 with its offset, as Git gives it. */
  readonly committedAt: string | null;
  readonly dirty: boolean;
  readonly createdAt: Date;
  /** In the order of promotion, without digests: they are computed. */
  readonly environments: readonly EnvironmentFacts[];
  readonly toolchain: Readonly<Record<string, string>>;
  readonly files: readonly FileHash[];
}

/** Puts a release together from what was made and found. */
export function describeRelease(facts: ReleaseFacts): Release {
  const files = [...facts.files].sort(byPath);
  return {
    format: 1,
    id: digestFiles(files),
    commit: facts.commit,
    committedAt: facts.committedAt,
    dirty: facts.dirty,
    createdAt: facts.createdAt.toISOString(),
    environments: Object.fromEntries(
      facts.environments.map(({ name, account, region, stage, stacks }) => [
        name,
        { digest: digestFiles(filesOf(name, files)), account, region, stage, stacks: [...stacks] },
      ]),
    ),
    toolchain: { ...facts.toolchain },
    files: files.map((file) => ({ ...file })),
  };
}

/**
 * Reads the text of a `release.json` and checks it against itself: the id and every digest follow from its files.
 * @param where what messages call it
 * @throws ReleaseUnreadableError
 */
export function parseRelease(text: string, where: string): Release {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ReleaseUnreadableError(where, `it is no JSON (${(error as SyntaxError).message})`, error);
  }
  const parsed = releaseSchema.safeParse(json);
  if (!parsed.success) {
    throw new ReleaseUnreadableError(where, z.prettifyError(parsed.error).replaceAll('\n', ' '), parsed.error);
  }
  const release = parsed.data;
  if (digestFiles(release.files) !== release.id) {
    throw new ReleaseUnreadableError(where, 'its id does not follow from its files, so it was edited or cut');
  }
  for (const [name, { digest }] of Object.entries(release.environments)) {
    if (digestFiles(filesOf(name, release.files)) !== digest) {
      throw new ReleaseUnreadableError(where, `the digest of ${name} does not follow from its files`);
    }
  }
  return release;
}

/** Enough of an id for people: 12 hex digits. */
export const shortId = (id: string): string => id.slice(0, 12);

/** How a release is named wherever it is shown: a dirty one says so everywhere. */
export function releaseLabel({ id, commit, dirty }: Pick<Release, 'id' | 'commit' | 'dirty'>): string {
  const from = commit === 'unknown' ? 'an unknown commit' : commit.slice(0, 12);
  return `${shortId(id)} (${from}${dirty ? ', dirty: made of uncommitted changes' : ''})`;
}
