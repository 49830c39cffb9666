/**
 * What an environment's ledger holds: where it stands (`current`), what it can go back to (`validated`) and whether a
 * person holds it (`hold`). Each part is one parameter of at most 4 KB. Only `transition` makes a new one. Pure.
 */
import { z } from 'zod';
import { momentSchema, type ReleaseRef, releaseRefSchema, validatedReleaseSchema } from './release-ref.ts';

/** Raised with every change of a shape below: an older program then refuses instead of misreading. */
export const SCHEMA_VERSION = 1;

/** Bounds that keep each part below 4 KB, whatever people write; the history keeps the full texts. */
export const LIMITS = { validated: 8, rejected: 5, reasonBytes: 160, actorBytes: 80 } as const;

const schema = z.literal(SCHEMA_VERSION);
const sequence = z.int().min(0);
const checkCounts = z.strictObject({ pass: z.int().min(0), unknown: z.int().min(0) });

/** A release that was rolled back here and is not tried again without `--retry`. */
const rejectedSchema = z.strictObject({ id: z.string(), at: momentSchema, reason: z.string() });
export type Rejected = z.infer<typeof rejectedSchema>;

const common = {
  schema,
  /** Events so far that changed this part: the history holds one record for each. */
  sequence,
  /** The lock's generation under which it was written; a writer of a lower one is refused. */
  generation: z.int().min(0),
  /** When this state began, and who brought it about. */
  since: momentSchema,
  by: z.string(),
  rejected: z.array(rejectedSchema).max(LIMITS.rejected),
};
const attempt = {
  ...common,
  release: releaseRefSchema,
  /** The reason given with `--override-freeze`. */
  freezeOverride: z.string().nullable(),
};
const rollback = {
  ...common,
  /** The release that is brought back. */
  release: releaseRefSchema,
  releaseValidatedAt: momentSchema,
  /** The release that is undone. */
  undone: releaseRefSchema,
  trigger: z.enum(['automatic', 'manual']),
  reason: z.string(),
};
const state = <Name extends string>(name: Name) => ({ state: z.literal(name) });

export const currentSchema = z.discriminatedUnion('state', [
  /** Never deployed, or destroyed. */
  z.strictObject({ ...state('empty'), ...common }),
  z.strictObject({ ...state('deploying'), ...attempt, purpose: z.enum(['promotion', 'deploy']) }),
  z.strictObject({ ...state('validating'), ...attempt }),
  z.strictObject({ ...state('validated'), ...attempt, checks: checkCounts }),
  /** By a bare `deploy`: not validated. */
  z.strictObject({ ...state('deployed'), ...attempt }),
  /** Did not deploy or validate, and nothing was rolled back: nothing validated yet, or a bare `deploy`. */
  z.strictObject({ ...state('failed'), ...attempt, reason: z.string() }),
  z.strictObject({ ...state('rolling-back'), ...rollback }),
  /** Back on an earlier release, and its checks passed. */
  z.strictObject({ ...state('rolled-back'), ...rollback, checks: checkCounts }),
  z.strictObject({ ...state('rollback-failed'), ...rollback, failure: z.string() }),
  z.strictObject({ ...state('destroying'), ...common, release: releaseRefSchema.nullable() }),
]);
export type Current = z.infer<typeof currentSchema>;
export type State = Current['state'];

export const validatedSchema = z.strictObject({
  schema,
  sequence,
  /** Releases to go back to, the last validated first. A rollback drops those it goes past. */
  releases: z.array(validatedReleaseSchema).max(LIMITS.validated),
});
export type Validated = z.infer<typeof validatedSchema>;

export const holdSchema = z.strictObject({
  schema,
  sequence,
  /** A person's stop: promotions end here until `resume`. */
  hold: z.strictObject({ by: z.string(), since: momentSchema, reason: z.string() }).nullable(),
});
export type HoldPart = z.infer<typeof holdSchema>;
export type Hold = NonNullable<HoldPart['hold']>;

export const partSchemas = { current: currentSchema, validated: validatedSchema, hold: holdSchema } as const;
export type PartName = keyof typeof partSchemas;
export const PART_NAMES = Object.keys(partSchemas) as PartName[];

export interface Ledger {
  readonly current: Current;
  readonly validated: Validated;
  readonly hold: HoldPart;
}

/** Before the first event. `since` is no time anyone should see: `sequence` 0 says so. */
export const EMPTY_LEDGER: Ledger = {
  current: {
    schema: SCHEMA_VERSION,
    state: 'empty',
    sequence: 0,
    generation: 0,
    since: '1970-01-01T00:00:00.000Z',
    by: '',
    rejected: [],
  },
  validated: { schema: SCHEMA_VERSION, sequence: 0, releases: [] },
  hold: { schema: SCHEMA_VERSION, sequence: 0, hold: null },
};

/** Someone is at work, or was when their process died: the lock tells which. */
export const isInProgress = (state: State): boolean =>
  state === 'deploying' || state === 'validating' || state === 'rolling-back' || state === 'destroying';

/** The release the stacks hold, or are being brought to. */
export const currentRelease = (current: Current): ReleaseRef | null =>
  current.state === 'empty' ? null : current.release;

/** The release that stands here with its checks passed, or null. */
export const standingRelease = (current: Current): ReleaseRef | null =>
  current.state === 'validated' || current.state === 'rolled-back' ? current.release : null;
