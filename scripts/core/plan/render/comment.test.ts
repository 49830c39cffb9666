/** The comment: what it holds, what is said once, and what gives way when there is too much. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environment, largePlan, stack, template } from '../../../testing/plan-samples.ts';
import type { EnvironmentFacts } from '../facts.ts';
import { makePlan } from '../make-plan.ts';
import { PlanUnreadableError, parsePlanDocument } from '../parse-plan.ts';
import type { Plan } from '../plan.ts';
import {
  COMMENT_LIMIT,
  COMMENT_MARKER,
  type CommentInput,
  renderComment,
  renderSummary,
  SUMMARY_LIMIT,
} from './comment.ts';
import { renderJson } from './json.ts';
import { renderPlain } from './plain.ts';

const PLACES: Readonly<Record<string, Partial<EnvironmentFacts>>> = {
  dev: { account: '111111111111', stage: 'development' },
  staging: { account: '222222222222', region: 'us-east-2', stage: 'staging' },
  prod: { account: '333333333333', stage: 'production' },
};

/** The plan of a function and a table in an environment, with the memory going from one value to another. */
function planOf(name: string, memory: readonly [number, number], rate: readonly [number, number] = [1, 1]): Plan {
  const region = PLACES[name]?.region ?? 'us-east-1';
  const of = (index: 0 | 1) =>
    template({
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: `orders-${name}`,
          MemorySize: memory[index],
          Description: index === 0 ? `in ${name}` : `in ${name}, ${region}`,
        },
        Metadata: { 'aws:cdk:path': `trading-lambda-${name}/Function/Resource` },
      },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: { StageName: 'v1', MethodSettings: [{ ThrottlingRateLimit: rate[index] }] },
      },
    });
  const stacks = [
    stack(of(0), of(1), { name: `trading-lambda-${name}`, changeSet: { Changes: [] } }),
    stack(template({}), template({}), { name: `trading-s3-${name}` }),
  ];
  return makePlan(environment(stacks, { environment: name, ...PLACES[name] }), { allowDestructive: false });
}

const input = (plans: readonly Plan[], more: Partial<CommentInput> = {}): CommentInput => ({
  plans,
  configChanges: [],
  commit: 'abcdef0123456789',
  time: new Date('2026-11-23T10:00:00Z'),
  replacedVersions: 0,
  ...more,
});

const three = [planOf('dev', [512, 1024]), planOf('staging', [512, 1024]), planOf('prod', [512, 1024])];

describe('a comment', () => {
  it('begins with its marker and the verdict, and ends with commit, time and versions replaced', () => {
    const { text } = renderComment(
      input(three, { replacedVersions: 3, summaryUrl: 'https://github.com/o/r/actions/runs/1' }),
    );
    const lines = text.trimEnd().split('\n');
    assert.equal(lines[0], COMMENT_MARKER);
    assert.match(lines[1] ?? '', /^### ✅ 3 resources in 3 environments/);
    assert.match(lines.at(-1) ?? '', /`abcdef0123456789`.*2026-11-23T10:00:00Z.*replaces 3 earlier versions.*\[run\]/);
    assert.doesNotMatch(renderComment(input(three)).text, /replaces/);
  });

  it('has stacks down and environments across', () => {
    const { text } = renderComment(input(three));
    assert.match(text, /\| stack \| `dev` \| `staging` \| `prod` \|/);
    assert.match(text, /\| `trading-lambda` \| ~1 \| ~1 \| ~1 \|/);
    assert.match(text, /1 stack unchanged everywhere/);
  });

  it('says once what is the same everywhere, though names and regions differ', () => {
    const { text } = renderComment(input(three));
    assert.equal(text.match(/`MemorySize`/g)?.length, 1);
    assert.equal(text.match(/update `Function`/g)?.length, 1);
    assert.match(text, /in ‹env›, ‹region›/);
  });

  it('shows an outlier where it differs, and where something is missing', () => {
    const { text } = renderComment(
      input([planOf('dev', [512, 1024]), planOf('staging', [512, 1024]), planOf('prod', [2048, 4096])]),
    );
    assert.match(text, /`MemorySize` `dev`, `staging` `512` → `1024` · `prod` `2048` → `4096`/);
    const rate = renderComment(input([planOf('dev', [1, 2]), planOf('prod', [1, 2], [100, 50])])).text;
    assert.match(rate, /update `.*Stage` `AWS::ApiGateway::Stage` · `prod` ·/);
  });

  it('of no changes is one line', () => {
    const { text, counts } = renderComment(input(['dev', 'prod'].map((name) => planOf2(name))));
    assert.equal(text.trim().split('\n').length, 2);
    assert.match(text, /\*\*No changes\*\* in `dev` and `prod`/);
    assert.deepEqual([counts.ok, counts.cut], [true, []]);
  });

  it('says which environments have no plan, and does not call that good', () => {
    const { text, counts } = renderComment(
      input(three.slice(0, 1), { unplanned: [{ environment: 'prod', reason: 'no @access' }] }),
    );
    assert.equal(counts.ok, false);
    assert.match(text, /^### ❌/m);
    assert.match(text, /🛑 `prod` has no plan: `no @access`/);
  });

  it('ties the configuration to what it changes', () => {
    const configChanges = [
      {
        environment: 'prod',
        path: 'a',
        words: 'function memory 1 → 2 MB, twice',
        carriedBy: [{ stack: 's', resource: 'Function', property: 'MemorySize' }],
      },
    ];
    const { text } = renderComment(input(three, { configChanges }));
    assert.match(text, /- `prod` function memory 1 → 2 MB, twice: `Function` `MemorySize`/);
  });

  it('says once what changed alike in the configuration of several environments', () => {
    const change = (name: string, words: string) => ({ environment: name, path: 'a', words, carriedBy: [] });
    const configChanges = [change('dev', 'one'), change('staging', 'two'), change('prod', 'one')];
    const { text } = renderComment(input(three, { configChanges }));
    assert.match(text, /- `dev`, `prod` one: no property.*\n- `staging` two: no property/);
  });

  it('links nowhere but to an address', () => {
    const { text } = renderComment(input(three, { summaryUrl: 'https://x.com/) [click](https://evil.example' }));
    assert.doesNotMatch(text, /evil/);
  });
});

function planOf2(name: string): Plan {
  return makePlan(environment([stack(template({}), template({}), { name: `s-${name}` })], { environment: name }), {
    allowDestructive: false,
  });
}

describe('too much', () => {
  const huge = ['dev', 'staging', 'prod'].map((name) => largePlan(name, 30, 67, 'x'.repeat(300)));

  it('gives way in a fixed order, and a line says where the whole is', () => {
    const { text, counts } = renderComment(input(huge, { summaryUrl: 'https://github.com/o/r/actions/runs/1' }));
    assert.ok(text.length <= COMMENT_LIMIT, String(text.length));
    assert.ok(counts.cut.length > 0);
    assert.deepEqual(counts.cut.slice(0, 3), ['long values', 'created resources', 'properties']);
    assert.match(text, /Shortened to fit: .*The whole is in the job summary and the artifact of \[the run\]/);
    assert.match(text, /\| `trading-part29` \|/, 'the matrix stays');
  });

  it('fits a job summary with more of it', () => {
    const [comment, summary] = [renderComment(input(huge)), renderSummary(input(huge))];
    assert.ok(Buffer.byteLength(summary.text) <= SUMMARY_LIMIT);
    assert.ok(summary.text.length > comment.text.length);
    assert.ok(summary.counts.cut.length < comment.counts.cut.length);
  });

  it('takes nothing away that fits', () => {
    assert.deepEqual(renderComment(input(three)).counts.cut, []);
  });

  it('of everything still leaves verdict and counts', () => {
    const absurd = largePlan('dev', 3_000, 4, 'y');
    const { text, counts } = renderComment(input([absurd]));
    assert.ok(text.length <= COMMENT_LIMIT);
    assert.equal(counts.resources.update, 9_000);
    assert.match(text, /12000 resources/);
  });
});

describe('JSON', () => {
  it('is read back as it was, and the same plans give the same bytes', () => {
    const text = renderJson(three, []);
    assert.equal(text, renderJson(three, []));
    assert.deepEqual(parsePlanDocument(text, 'x').plans, JSON.parse(JSON.stringify(three)));
  });
  it('that is no plan is refused', () => {
    for (const text of [
      '',
      '{}',
      '{"plans":[{}],"configChanges":[]}',
      renderJson(three, []).replace('"action": "update"', '"action": "@team"'),
    ]) {
      assert.throws(() => parsePlanDocument(text, 'plan.json'), PlanUnreadableError);
    }
  });
});

describe('a terminal', () => {
  it('sees each environment, what changes in it, and the verdict last', () => {
    const { text } = renderPlain({ plans: three, configChanges: [] });
    for (const name of ['dev', 'staging', 'prod']) assert.match(text, new RegExp(`trading-lambda-${name} +│ update`));
    assert.match(text, /MemorySize 512 → 1024/);
    assert.match(text, /Nothing stands against this plan\.$/);
  });
});
