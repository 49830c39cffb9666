import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseOrderRequest } from './parse-order-request.ts';

const ORDER = { orderId: 'order-1', customerId: 'customer-1', amount: 1000 };

const parse = (value: unknown) => parseOrderRequest(JSON.stringify(value), false);
const fieldsOf = (result: ReturnType<typeof parseOrderRequest>): string[] =>
  result.valid ? [] : result.errors.map(({ field }) => field).toSorted();

test('takes an order, plain or in base64', () => {
  assert.deepEqual(parse(ORDER), { valid: true, content: ORDER });
  const base64 = Buffer.from(JSON.stringify(ORDER)).toString('base64');
  assert.deepEqual(parseOrderRequest(base64, true), { valid: true, content: ORDER });
});

test('names each field that is wrong, once', () => {
  const cases: [unknown, string[]][] = [
    [{}, ['amount', 'customerId', 'orderId']],
    [{ ...ORDER, amount: '1000' }, ['amount']],
    [{ ...ORDER, amount: -0.00001 }, ['amount']],
    [{ ...ORDER, orderId: '' }, ['orderId']],
    [{ ...ORDER, orderId: `${'a'.repeat(64)}/` }, ['orderId']],
    [{ ...ORDER, colour: 'red', size: 1 }, ['colour', 'size']],
    [{ orderId: 1, customerId: null, amount: [], Amount: 1 }, ['Amount', 'amount', 'customerId', 'orderId']],
    [[ORDER], ['body']],
    [null, ['body']],
    ['order', ['body']],
    [1, ['body']],
  ];
  for (const [value, fields] of cases) assert.deepEqual(fieldsOf(parse(value)), fields, JSON.stringify(value));
});

test('refuses a field named __proto__ as any other', () => {
  const body = `{"__proto__":{"amount":1},"orderId":"order-1","customerId":"customer-1","amount":1}`;
  assert.deepEqual(fieldsOf(parseOrderRequest(body, false)), ['__proto__']);
});

test('keeps the order of the fields and says what is allowed', () => {
  const result = parse({ customerId: 'customer-1', extra: 1 });
  assert.deepEqual(result, {
    valid: false,
    errors: [
      { field: 'orderId', message: 'must be a string of 1 to 64 characters out of A-Z, a-z, 0-9, ".", "_" and "-"' },
      { field: 'amount', message: 'must be a number above 0, at most 100000000000, with at most 4 decimals' },
      { field: 'extra', message: 'is not a field of an order' },
    ],
  });
});

test('refuses what is no JSON: nothing, text, a number that overflows, bytes that are not UTF-8, a body too long', () => {
  const notUtf8 = Buffer.concat([Buffer.from('{"orderId":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  const cases: [string | null, boolean, RegExp][] = [
    [null, false, /missing/],
    ['', false, /missing/],
    ['{', false, /not valid JSON/],
    ['orderId=1', false, /not valid JSON/],
    [notUtf8.toString('base64'), true, /not valid JSON in UTF-8/],
    [JSON.stringify({ ...ORDER, padding: 'x'.repeat(8_192) }), false, /longer than 8192 bytes/],
  ];
  for (const [body, isBase64Encoded, message] of cases) {
    const result = parseOrderRequest(body, isBase64Encoded);
    assert.deepEqual(fieldsOf(result), ['body']);
    assert.match(result.valid ? '' : (result.errors[0]?.message ?? ''), message);
  }
  assert.deepEqual(fieldsOf(parseOrderRequest('{"orderId":"o","customerId":"c","amount":1e999}', false)), ['amount']);
});

test('any JSON value gives an order or named errors, each field once, and never throws', () => {
  const almostOrder = fc.record(
    {
      orderId: fc.oneof(fc.constant('order-1'), fc.jsonValue()),
      customerId: fc.oneof(fc.constant('customer-1'), fc.jsonValue()),
      amount: fc.oneof(fc.double(), fc.jsonValue()),
      extra: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), almostOrder), fc.boolean(), (value, inBase64) => {
      const json = JSON.stringify(value);
      const result = parseOrderRequest(inBase64 ? Buffer.from(json).toString('base64') : json, inBase64);
      if (result.valid) return assert.deepEqual(result.content, JSON.parse(json));
      assert.ok(result.errors.length > 0);
      assert.equal(new Set(fieldsOf(result)).size, result.errors.length);
    }),
    { numRuns: 1_000 },
  );
});

test('any string is answered', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (body, inBase64) => {
      assert.equal(typeof parseOrderRequest(body, inBase64).valid, 'boolean');
    }),
    { numRuns: 1_000 },
  );
});
