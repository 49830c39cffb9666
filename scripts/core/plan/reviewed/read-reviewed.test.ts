import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planOne, template } from '../../../testing/plan-samples.ts';
import { renderJson } from '../render/json.ts';
import { readReviewed } from './read-reviewed.ts';

const { plan } = planOne(undefined, template({ Queue: { Type: 'AWS::SQS::Queue' } }));
const text = renderJson([plan], []);

describe('what a run kept', () => {
  it('is a plan as `diff --save` wrote it', () => {
    assert.deepEqual(readReviewed({ text }, plan), { plan: JSON.parse(JSON.stringify(plan)) });
  });

  it('or nothing, and why', () => {
    assert.deepEqual(readReviewed({ missing: 'expired' }, plan), { unknown: 'expired' });
  });

  for (const [what, found, says] of [
    ['of another environment', renderJson([{ ...plan, environment: 'other' }], []), /no plan of dev/],
    ['of another account', renderJson([{ ...plan, account: '999999999999' }], []), /of 999999999999 in us-east-1/],
    ['of no plan at all', '{"plans":[{}],"configChanges":[]}', /holds no plan/],
    ['of a failed diff', '{"ok":false,"error":{"message":"No credentials."}}', /holds no plan/],
    ['that is no JSON', 'null and void', /no JSON/],
  ] as const) {
    it(`is not known from a file ${what}`, () => {
      const read = readReviewed({ text: found }, plan);
      assert.ok('unknown' in read);
      assert.match(read.unknown, says);
    });
  }
});
