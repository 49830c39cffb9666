/** Which stacks a rollback may remove. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideLeftover } from './leftovers.ts';

const stack = (...types: string[]) => ({
  name: 'trading-new-dev',
  resources: types.map((type, index) => ({ type, logicalId: `R${index}` })),
});
const undone = ['trading-vpc-dev', 'trading-new-dev'];

describe('a stack that the release brought back does not have', () => {
  it('goes when only the undone release had it and nothing in it can hold data', () => {
    const types = ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::EC2::SecurityGroup', 'AWS::SSM::Parameter'];
    assert.equal(decideLeftover(stack(...types), undone).remove, true);
    assert.equal(decideLeftover(stack(), undone).remove, true);
  });

  it('stays when anything in it may hold data, and names that', () => {
    for (const type of [
      'AWS::DynamoDB::Table',
      'AWS::S3::Bucket',
      'AWS::SQS::Queue',
      'AWS::Logs::LogGroup',
      'AWS::KMS::Key',
      'AWS::EC2::Volume',
      'AWS::Unheard::Of',
    ]) {
      const { remove, reason } = decideLeftover(stack('AWS::IAM::Role', type), undone);
      assert.equal(remove, false, type);
      assert.equal(reason, `it may hold data: R1 (${type})`);
    }
  });

  it('stays when nobody knows whose it is', () => {
    assert.equal(decideLeftover(stack(), ['trading-vpc-dev']).remove, false);
    assert.equal(decideLeftover(stack(), null).remove, false);
  });
});
