/** Plans whose every text is hostile: what people and machines try to break out of a comment with. */
import fc from 'fast-check';
import type { ConfigInWords } from '../core/plan/config/config-change.ts';
import type { Plan, StackPlan } from '../core/plan/plan.ts';
import { COMMENT_MARKER } from '../core/plan/render/comment.ts';

/** What people and machines try, alone and strung together. */
const attack = fc.constantFrom(
  '`',
  '``',
  '```\n',
  '|',
  '\\',
  '\\|',
  '\n',
  '\r\n',
  '\n\n',
  '\n# x\n',
  '\n- ',
  '<',
  '>',
  '<b>',
  '</code>',
  '</details>',
  '<!--',
  '-->',
  COMMENT_MARKER,
  '<script>alert(1)</script>',
  '<img src=x onerror=y>',
  '<a href="https://evil.example">x</a>',
  '@team',
  '@octocat',
  '@org/team',
  'me@evil.example',
  'https://evil.example',
  'www.evil.example',
  '[x](https://evil.example)',
  '![x](https://evil.example/x.png)',
  '#1',
  'GH-1',
  'o/r#1',
  ':tada:',
  '&#64;team',
  '&lt;',
  '&#96;',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u200b',
  '\ufeff',
  '\u0000',
  '\u001b[31m',
  '😀',
  '👩‍👩‍👧',
  'עברית',
  'العربية',
  '\ud800',
  '\udc00',
  '$x$',
  '$`x`$',
  '~~x~~',
  '**',
  '__',
  '==',
  '---',
  '|---|',
  ' ',
  '\t',
  '',
);
export const hostileText = fc.oneof(
  { weight: 5, arbitrary: fc.array(attack, { maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(attack, fc.nat(100_000))
      .map(([part, length]) => part.repeat(Math.ceil((length + 1) / Math.max(part.length, 1))).slice(0, length)),
  },
);

const undo = fc.record({
  answer: fc.constantFrom('yes', 'with-care', 'no'),
  why: fc.array(hostileText, { maxLength: 2 }),
});
const json = fc.oneof(
  hostileText,
  fc.array(hostileText, { maxLength: 2 }),
  fc.dictionary(hostileText, hostileText, { maxKeys: 2 }),
  fc.integer(),
  fc.constant(null),
);
const statement = fc.record({
  effect: hostileText,
  principals: fc.array(hostileText, { maxLength: 2 }),
  actions: fc.array(hostileText, { maxLength: 2 }),
  resources: fc.array(hostileText, { maxLength: 2 }),
  condition: hostileText,
});
const direction = fc.constantFrom('widened', 'narrowed', 'changed');
const action = fc.constantFrom('create', 'update', 'replace', 'may-replace', 'delete');

const stackPlan = fc.record({
  name: hostileText,
  component: hostileText,
  action: fc.constantFrom('create', 'update', 'unchanged', 'orphan'),
  basis: fc.constantFrom('equal', 'absent', 'change-set', 'template', 'tags'),
  note: hostileText,
  resources: fc.array(
    fc.record({
      logicalId: hostileText,
      path: hostileText,
      type: hostileText,
      action,
      stateful: fc.boolean(),
      code: fc.boolean(),
      properties: fc.array(fc.record({ path: hostileText, old: json, new: json, replacement: fc.constant('never') }), {
        maxLength: 2,
      }),
      undo,
    }),
    { maxLength: 3 },
  ),
  settings: fc.array(
    fc.record({
      kind: fc.constant('output'),
      name: hostileText,
      action: fc.constant('change'),
      old: json,
      new: json,
      undo,
    }),
    { maxLength: 2 },
  ),
  permissions: fc.array(
    fc.record({ direction, old: statement, new: statement, dangers: fc.array(hostileText, { maxLength: 1 }) }),
    { maxLength: 2 },
  ),
  network: fc.array(
    fc.record({
      direction,
      group: hostileText,
      traffic: fc.constant('in'),
      old: fc.record({ protocol: hostileText, peer: hostileText }),
      new: fc.record({ protocol: hostileText, peer: hostileText }),
      dangers: fc.array(hostileText, { maxLength: 1 }),
    }),
    { maxLength: 2 },
  ),
  bookkeeping: fc.array(hostileText, { maxLength: 1 }),
}) as fc.Arbitrary<StackPlan>;

export const hostilePlan = fc
  .record({
    environment: hostileText,
    account: hostileText,
    region: hostileText,
    stacks: fc.array(stackPlan, { maxLength: 3 }),
    texts: fc.array(hostileText, { minLength: 3, maxLength: 3 }),
  })
  .map(
    ({ environment, account, region, stacks, texts: [one = '', two = '', three = ''] }): Plan => ({
      format: 1,
      environment,
      account,
      region,
      stage: 'staging',
      stacks,
      release: { id: one, digest: two, commit: three, dirty: false },
      counts: {
        stacks: { create: 0, update: 1, unchanged: 0, orphan: 0 },
        resources: { create: 1, update: 1, replace: 0, 'may-replace': 0, delete: 0 },
      },
      warnings: [{ code: 'x', stack: one, text: `${two} \`${three}\`` }],
      verdict: {
        ok: false,
        failures: [{ code: 'destructive', stack: one, path: two, type: three, text: two }],
        allowed: [{ code: 'destructive', stack: one, path: two, type: three, text: three }],
      },
    }),
  );

export const hostileConfig = fc.record({
  environment: hostileText,
  path: hostileText,
  words: hostileText,
  carriedBy: fc.array(fc.record({ stack: hostileText, resource: hostileText, property: hostileText }), {
    maxLength: 2,
  }),
}) as fc.Arbitrary<ConfigInWords>;
