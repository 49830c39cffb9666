/**
 * Reads plans that were written elsewhere: by another job of the workflow, which may have run code of a pull request.
 * So its shape is checked to the last field, and its texts stay untrusted. Pure.
 */
import { z } from 'zod';
import { STAGES } from '../../../environments/environment-config.ts';
import { EXIT, GitOpsError } from '../errors.ts';
import type { ConfigInWords } from './config/config-change.ts';
import { type Json, PLAN_FORMAT, type Plan } from './plan.ts';

/** Thrown when a text is no plan document. */
export class PlanUnreadableError extends GitOpsError {
  constructor(where: string, reason: string, cause?: unknown) {
    super(`${where} holds no plan: ${reason}. Make one with: npm run diff -- --json`, {
      code: 'PLAN_UNREADABLE',
      source: 'user',
      exitCode: EXIT.failed,
      cause,
    });
  }
}

const json: z.ZodType<Json> = z.json();
const undo = z.object({ answer: z.enum(['yes', 'with-care', 'no']), why: z.array(z.string()) });
const texts = z.array(z.string());
const direction = z.enum(['widened', 'narrowed', 'changed']);
const number = z.int().min(0);

const statement = z.object({
  effect: z.string(),
  principals: texts,
  actions: texts,
  resources: texts,
  condition: z.string(),
});
const rule = z.object({ protocol: z.string(), peer: z.string() });
const failure = z.object({
  code: z.enum(['fixed-name', 'destructive']),
  stack: z.string(),
  path: z.string(),
  type: z.string(),
  text: z.string(),
});

const resource = z.object({
  logicalId: z.string(),
  path: z.string(),
  type: z.string(),
  action: z.enum(['create', 'update', 'replace', 'may-replace', 'delete']),
  stateful: z.boolean(),
  code: z.boolean(),
  properties: z.array(
    z.object({
      path: z.string(),
      old: json.optional(),
      new: json.optional(),
      replacement: z.enum(['never', 'maybe', 'always']),
    }),
  ),
  fixedName: z.object({ property: z.string(), value: z.string() }).optional(),
  afterwards: z.enum(['deleted', 'retained', 'snapshot']).optional(),
  undo,
});

const stack = z.object({
  name: z.string(),
  component: z.string(),
  action: z.enum(['create', 'update', 'unchanged', 'orphan']),
  basis: z.enum(['equal', 'absent', 'change-set', 'template', 'tags']),
  note: z.string(),
  resources: z.array(resource),
  settings: z.array(
    z.object({
      kind: z.enum(['output', 'export', 'parameter', 'tag', 'condition', 'mapping', 'description', 'other']),
      name: z.string(),
      action: z.enum(['add', 'change', 'remove']),
      old: json.optional(),
      new: json.optional(),
      undo,
    }),
  ),
  permissions: z.array(z.object({ direction, old: statement.optional(), new: statement.optional(), dangers: texts })),
  network: z.array(
    z.object({
      direction,
      group: z.string(),
      traffic: z.enum(['in', 'out']),
      old: rule.optional(),
      new: rule.optional(),
      dangers: texts,
    }),
  ),
  bookkeeping: texts,
});

export const planSchema = z.object({
  format: z.literal(PLAN_FORMAT),
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  stage: z.enum(STAGES),
  release: z.object({ id: z.string(), digest: z.string(), commit: z.string(), dirty: z.boolean() }),
  stacks: z.array(stack),
  counts: z.object({
    stacks: z.object({ create: number, update: number, unchanged: number, orphan: number }),
    resources: z.object({ create: number, update: number, replace: number, 'may-replace': number, delete: number }),
  }),
  warnings: z.array(z.object({ code: z.string(), stack: z.string(), text: z.string() })),
  verdict: z.object({ ok: z.boolean(), failures: z.array(failure), allowed: z.array(failure) }),
});

const configSchema = z.object({
  environment: z.string(),
  path: z.string(),
  old: json.optional(),
  new: json.optional(),
  words: z.string(),
  carriedBy: z.array(z.object({ stack: z.string(), resource: z.string(), property: z.string() })),
});

/** What `diff --json` prints, beside `ok`. */
export interface PlanDocument {
  readonly plans: readonly Plan[];
  readonly configChanges: readonly ConfigInWords[];
}

const documentSchema = z.object({ plans: z.array(planSchema), configChanges: z.array(configSchema) });

/**
 * @param where what messages call it
 * @throws PlanUnreadableError
 */
export function parsePlanDocument(text: string, where: string): PlanDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PlanUnreadableError(where, 'it is no JSON', error);
  }
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success) {
    throw new PlanUnreadableError(where, z.prettifyError(parsed.error).replaceAll('\n', ' '), parsed.error);
  }
  return parsed.data;
}
