import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../errors.ts';
import { BucketNotEmptyError, checkConfirmation, isEmpty, orderOfDestruction } from './destruction.ts';

describe('checkConfirmation', () => {
  const dev = { name: 'dev', stage: 'development' } as const;
  const prod = { name: 'prod', stage: 'production' } as const;

  it('lets the name typed again pass, and a production stage with its second yes', () => {
    checkConfirmation(dev, { confirm: 'dev', yesProduction: false });
    checkConfirmation(prod, { confirm: 'prod', yesProduction: true });
  });

  it('refuses another name, none, and production without its second yes', () => {
    const refused = (environment: typeof dev | typeof prod, confirm: string | undefined, message: RegExp): void =>
      assert.throws(
        () => checkConfirmation(environment, { confirm, yesProduction: false }),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    refused(dev, 'staging', /--confirm dev \("staging" was given\)/);
    refused(dev, undefined, /nothing was given/);
    refused(prod, 'prod', /--yes-production/);
  });
});

describe('orderOfDestruction', () => {
  const all = ['vpc', 'dynamodb', 's3', 'sqs', 'lambda', 'api', 'monitoring'].map((part) => `trading-${part}-dev`);

  it('is the order of deployment, reversed; what is not there is left out', () => {
    assert.deepEqual(orderOfDestruction('dev', all, new Set()), {
      writers: [['trading-monitoring-dev'], ['trading-api-dev'], ['trading-lambda-dev']],
      holders: ['trading-vpc-dev', 'trading-dynamodb-dev', 'trading-s3-dev', 'trading-sqs-dev'],
    });
    assert.deepEqual(orderOfDestruction('dev', ['trading-s3-dev'], new Set()), {
      writers: [],
      holders: ['trading-s3-dev'],
    });
  });

  it('takes unknown stacks first, unless they hold data', () => {
    const order = orderOfDestruction('dev', [...all, 'by-hand', 'old-table'], new Set(['old-table', 'trading-s3-dev']));
    assert.deepEqual(order.writers[0], ['by-hand']);
    assert.ok(order.holders.includes('old-table'));
    assert.equal([...order.writers.flat(), ...order.holders].length, 9, 'each once');
  });
});

describe('a full bucket', () => {
  const contents = { bucket: 'trades', versions: 0, deleteMarkers: 3, more: false };

  it('is one with delete markers alone', () => {
    assert.equal(isEmpty(contents), false);
    assert.equal(isEmpty({ ...contents, deleteMarkers: 0 }), true);
  });

  it('comes with the commands to export and to empty it, at the emulator where it is there', () => {
    const { message } = new BucketNotEmptyError(
      'dev',
      [{ ...contents, versions: 1000, more: true }],
      'http://127.0.0.1:4566',
    );
    assert.match(message, /^dev is not destroyed: trade data would be lost\./);
    assert.match(message, /trades holds more than 1000 object versions and 3 delete markers\./);
    assert.match(message, /aws --endpoint-url http:\/\/127\.0\.0\.1:4566 s3 sync s3:\/\/trades \.\/trades/);
    assert.match(message, /s3api delete-objects --bucket trades --delete file:\/\/batch\.json/);
    assert.match(message, /Then run destroy again\.$/);
  });
});
