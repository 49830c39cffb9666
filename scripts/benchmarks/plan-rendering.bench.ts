/** How long it takes to render the plan of a very large change: 2,000 resources over 30 stacks. */
import type { EnvironmentFacts, StackFacts, Template } from '../core/plan/facts.ts';
import { makePlan } from '../core/plan/make-plan.ts';
import type { Plan } from '../core/plan/plan.ts';
import { renderComment, renderSummary } from '../core/plan/render/comment.ts';
import { renderJson } from '../core/plan/render/json.ts';
import { renderPlain } from '../core/plan/render/plain.ts';
import { type Benchmark, type Measurement, median } from './benchmark.ts';

const STACKS = 30;
const RESOURCES = 2_000;
/** What a comment of that size may take. */
const LIMIT_MS = 1_000;

export const benchmark: Benchmark = {
  name: `Rendering the plan of ${RESOURCES} changed resources over ${STACKS} stacks`,
  reference: 'the plan as JSON, written and read once',
  run: () => {
    const large = planOf(RESOURCES);
    const reference = median(() => JSON.parse(JSON.stringify(large)));
    const measure = (what: string, work: () => unknown, note = ''): Measurement => {
      const milliseconds = median(work);
      return { what, milliseconds, ratio: milliseconds / reference, note };
    };
    const comment = renderComment(inputOf(large));
    const summary = renderSummary(inputOf(large));
    const tenth = planOf(RESOURCES / 10);
    const whole = measure('comment', () => renderComment(inputOf(large)));
    const held = whole.milliseconds < LIMIT_MS ? 'under' : 'NOT under';
    return [
      {
        ...whole,
        note: `${held} ${LIMIT_MS} ms; ${comment.text.length} characters; gave way: ${comment.counts.cut.join(', ')}`,
      },
      measure(
        'comment of a tenth',
        () => renderComment(inputOf(tenth)),
        'a tenth of the work, if it grows with the size',
      ),
      measure(
        'job summary',
        () => renderSummary(inputOf(large)),
        `${summary.text.length} characters; gave way: ${summary.counts.cut.join(', ') || 'nothing'}`,
      ),
      measure('JSON', () => renderJson([large], [])),
      measure('table', () => renderPlain({ plans: [large], configChanges: [] })),
    ];
  },
};

const inputOf = (plan: Plan) => ({
  plans: [plan],
  configChanges: [],
  commit: 'c'.repeat(40),
  time: new Date(0),
  replacedVersions: 0,
  summaryUrl: 'https://github.com/o/r/actions/runs/1',
});

/** Functions, roles' policies and parameters in turn, each with a few properties that change. */
function planOf(resources: number): Plan {
  const each = Math.ceil(resources / STACKS);
  const stacks = Array.from({ length: STACKS }, (_, index): StackFacts => {
    const count = Math.min(each, resources - index * each);
    const name = `trading-part${index}-dev`;
    return {
      name,
      deployed: { template: templateOf(name, count, 'old'), tags: {} },
      released: { template: templateOf(name, count, 'new'), tags: {} },
    };
  });
  const facts: EnvironmentFacts = {
    environment: 'dev',
    account: '123456789012',
    region: 'us-east-1',
    stage: 'development',
    release: { id: 'a'.repeat(64), digest: 'd'.repeat(64), commit: 'c'.repeat(40), dirty: false },
    stacks,
  };
  return makePlan(facts, { allowDestructive: false });
}

function templateOf(stack: string, count: number, side: 'old' | 'new'): Template {
  const resources = Array.from({ length: Math.max(count, 0) }, (_, index) => {
    const Metadata = { 'aws:cdk:path': `${stack}/Group${index % 7}/Resource${index}/Resource` };
    const long = `${'context '.repeat(20)}${side}${' context'.repeat(20)}`;
    const kinds = [
      { Type: 'AWS::Lambda::Function', Properties: { MemorySize: side === 'old' ? 512 : 1024, Description: long } },
      { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: `${side}${index}`, Description: side } },
      { Type: 'AWS::SNS::Topic', Properties: { DisplayName: `${side} ${index}` } },
    ];
    return [`Resource${index}`, { ...kinds[index % kinds.length], Metadata }];
  });
  return { Resources: Object.fromEntries(resources) } as Template;
}
