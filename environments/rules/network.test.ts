/** Ranges of addresses against the definition, written out: two ranges overlap when an address is in both. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_ZONES } from '../environment-config.ts';
import { checkNetwork, rangesOverlap, VPC_PREFIX } from './network.ts';

interface Range {
  readonly address: number;
  readonly prefix: number;
}

const render = ({ address, prefix }: Range): string =>
  `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')}/${prefix}`;

/** Every address of a small range, one by one. */
const members = ({ address, prefix }: Range): Set<number> => {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return new Set(Array.from({ length: size }, (_, index) => first + index));
};

/** 256 addresses and ranges of at most 64, so that overlaps are common and can be counted. */
const range = fc.record({
  address: fc.integer({ min: 0x0a0a0000, max: 0x0a0a00ff }),
  prefix: fc.integer({ min: 26, max: 32 }),
});

test('ranges overlap exactly when an address is in both, and in both directions', () => {
  fc.assert(
    fc.property(range, range, (one, other) => {
      const shared = [...members(one)].some((address) => members(other).has(address));

      assert.equal(rangesOverlap(render(one), render(other)), shared);
      assert.equal(rangesOverlap(render(other), render(one)), shared);
    }),
    { numRuns: 500 },
  );
});

test('a large range overlaps what is inside it and not what is beside it', () => {
  assert.equal(rangesOverlap('10.10.0.0/16', '10.10.255.0/24'), true);
  assert.equal(rangesOverlap('10.10.0.0/16', '10.11.0.0/16'), false);
  assert.equal(rangesOverlap('192.168.0.0/17', '192.168.128.0/17'), false);
});

test('each private block is accepted from its first to its last address, and its neighbours are not', () => {
  const accepted = (cidr: string) => checkNetwork({ network: { cidr } }).length === 0;

  for (const cidr of ['10.0.0.0/16', '10.255.255.0/24', '172.16.0.0/16', '172.31.255.0/24', '192.168.0.0/16']) {
    assert.ok(accepted(cidr), cidr);
  }
  for (const cidr of [
    '9.255.0.0/16',
    '11.0.0.0/16',
    '172.15.0.0/16',
    '172.32.0.0/16',
    '192.167.0.0/16',
    '192.169.0.0/16',
  ]) {
    assert.ok(!accepted(cidr), cidr);
  }
});

test('the smallest VPC has room for two subnets in each of the most zones', () => {
  const smallestSubnet = 28;

  assert.ok(2 ** (smallestSubnet - VPC_PREFIX.smallest) >= 2 * MAX_ZONES);
});
