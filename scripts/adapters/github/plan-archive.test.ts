/** An archive of others: what is in it is found, and whatever else it is does no harm. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { LARGEST_PLAN, planIn } from './plan-archive.ts';

const NAME = 'prod.json';
const archive = (text: string, name = NAME): Uint8Array => zipSync({ [name]: strToU8(text) });

describe('an archive', () => {
  it('gives the file, packed or not, and among others', () => {
    assert.deepEqual(planIn(archive('{"a":"ü"}'), NAME), { text: '{"a":"ü"}' });
    assert.deepEqual(planIn(zipSync({ [NAME]: strToU8('x') }, { level: 0 }), NAME), { text: 'x' });
    assert.deepEqual(planIn(zipSync({ 'dev.json': strToU8('x'), [NAME]: strToU8('y') }), NAME), { text: 'y' });
  });

  it('without the file, or with it at another place, has none', () => {
    for (const name of ['dev.json', '../prod.json', 'plans/prod.json', 'PROD.JSON']) {
      assert.deepEqual(planIn(archive('{}', name), NAME), { missing: 'its run kept no prod.json' }, name);
    }
  });

  it('that is small and would unpack to more than a plan is not unpacked', () => {
    const bomb = archive(' '.repeat(LARGEST_PLAN + 1));
    assert.ok(bomb.length < LARGEST_PLAN / 100);
    assert.deepEqual(planIn(bomb, NAME), { missing: `its plan has ${LARGEST_PLAN + 1} bytes, more than is read` });
  });

  it('that lies about its size gets the room it asked for, and no more', () => {
    const lying = archive('0123456789'.repeat(1_000));
    const view = new DataView(lying.buffer);
    // In the central directory: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.12
    const entry = lying.findIndex((_, at) => at + 4 <= lying.length && view.getUint32(at, true) === 0x02014b50);
    view.setUint32(entry + 24, 10, true);
    const read = planIn(lying, NAME);
    assert.ok('missing' in read || read.text.length <= 10, JSON.stringify(read).slice(0, 200));
  });
});

describe('bytes that are no archive, or a broken one,', () => {
  it('are an answer, never an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void planIn(bytes, NAME)),
      { numRuns: 300 },
    );
  });

  it('wherever it is broken', () => {
    const whole = archive(JSON.stringify({ plans: Array.from({ length: 50 }, (_, index) => ({ index })) }));
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, fc.nat(whole.length), (places, end) => {
        const broken = whole.slice(0, end === 0 ? undefined : end);
        for (const [at, value] of places) if (at < broken.length) broken[at] = value;
        const read = planIn(broken, NAME);
        assert.ok('missing' in read || typeof read.text === 'string');
      }),
      { numRuns: 500 },
    );
  });
});
