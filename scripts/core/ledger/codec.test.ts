import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { deploy, deployed, ledgerAfter, promoted, rollback, type Step } from '../../testing/ledger-samples.ts';
import { decodeLedger, encodePart, LedgerCorruptError, LedgerTooLargeError, MAX_PARAMETER_BYTES } from './codec.ts';
import { EMPTY_LEDGER, type Ledger, PART_NAMES, type PartName } from './ledger.ts';
import { clip } from './text.ts';
import { transition } from './transition.ts';

const ledger = ledgerAfter([...promoted(1), ...promoted(2)]);
const names = { current: '/t/dev/release/current', validated: '/t/dev/release/validated', hold: '/t/dev/release/hold' };

function stored(of: Ledger, overrides: Partial<Record<PartName, string | undefined>> = {}) {
  const entries = PART_NAMES.map((name) => {
    const value = name in overrides ? overrides[name] : encodePart(name, of[name]);
    return [name, { parameter: names[name], value }];
  });
  return Object.fromEntries(entries) as Parameters<typeof decodeLedger>[0];
}

describe('the ledger as text', () => {
  it('comes back as it was', () => {
    assert.deepEqual(decodeLedger(stored(ledger)), ledger);
  });

  it('is empty where there is no parameter', () => {
    assert.deepEqual(
      decodeLedger(stored(ledger, { current: undefined, validated: undefined, hold: undefined })),
      EMPTY_LEDGER,
    );
  });

  const current = JSON.parse(encodePart('current', ledger.current)) as Record<string, unknown>;
  const broken: [string, Partial<Record<PartName, string>>, RegExp][] = [
    ['cut', { current: encodePart('current', ledger.current).slice(0, 80) }, /release\/current .*no JSON/],
    ['empty', { hold: '' }, /release\/hold .*no JSON/],
    ['another document', { current: '[]' }, /release\/current .*at its root/],
    ['an unknown state', { current: JSON.stringify({ ...current, state: 'fine' }) }, /at state: /],
    ['a state without its fields', { current: JSON.stringify({ ...current, state: 'rolling-back' }) }, /at undone: /],
    ['an added field', { current: JSON.stringify({ ...current, note: 'by hand' }) }, /note/],
    ['a date by hand', { current: JSON.stringify({ ...current, since: 'yesterday' }) }, /at since: /],
    [
      'a short id',
      { current: JSON.stringify({ ...current, release: { ...ledgerRelease(), id: '1' } }) },
      /at release\.id: a SHA-256/,
    ],
    ['a newer version', { hold: '{"schema":2,"locks":[]}' }, /schema 2 and this version knows 1/],
    [
      'validated by hand',
      { validated: encodePart('validated', EMPTY_LEDGER.validated) },
      /release\/validated .*no release is the last validated/,
    ],
    [
      'a release put in by hand',
      { validated: encodePart('validated', ledgerAfter(promoted(3)).validated) },
      /is validated, yet release a+3/,
    ],
  ];
  function ledgerRelease() {
    assert.ok(ledger.current.state === 'validated');
    return ledger.current.release;
  }
  for (const [what, overrides, message] of broken) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => decodeLedger(stored(ledger, overrides)),
        (error) => error instanceof LedgerCorruptError && error.source === 'user' && message.test(error.message),
      );
    });
  }

  it('refuses a release that stands twice among the validated ones', () => {
    const releases = [...ledger.validated.releases, ...ledger.validated.releases.slice(0, 1)];
    assert.throws(
      () => decodeLedger(stored(ledger, { validated: encodePart('validated', { ...ledger.validated, releases }) })),
      /stands in it twice/,
    );
  });

  it('says which part does not fit', () => {
    assert.throws(
      () =>
        encodePart('hold', {
          ...EMPTY_LEDGER.hold,
          hold: { by: 'a', since: ledger.current.since, reason: 'x'.repeat(5_000) },
        }),
      (error) => error instanceof LedgerTooLargeError && /"hold"/.test(error.message),
    );
  });

  it('fits a parameter and holds no reference of SSM, whatever people write', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.string({
        unit: fc.constantFrom('{', '"', '\\', '😀', '\u0000', 'é', '\ud800'),
        minLength: 100,
        maxLength: 400,
      }),
    );
    fc.assert(
      fc.property(
        fc.array(
          words.filter((text) => text !== ''),
          { minLength: 3, maxLength: 3 },
        ),
        ([by = '?', reason = '?', other = '?']) => {
          let fullest = ledgerAfter(Array.from({ length: 10 }, (_, index) => promoted(index)).flat());
          for (let number = 20; number < 26; number += 1) {
            const failing = ledgerAfter([deploy(number), deployed], fullest);
            const steps = [
              { ...rollback(failing, 9), reason, by },
              { type: 'rollback-failed', reason: other, details: [], by },
            ] as Step[];
            fullest = ledgerAfter(steps, failing);
          }
          const held = transition(fullest, { type: 'held', at: fullest.current.since, by, reason });
          assert.ok(held.ok);
          for (const name of PART_NAMES) {
            const text = encodePart(name, held.ledger[name]);
            assert.ok(Buffer.byteLength(text) <= MAX_PARAMETER_BYTES);
            assert.ok(!text.includes('{{'));
          }
          assert.deepEqual(decodeLedger(stored(held.ledger)), held.ledger);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('clip', () => {
  it('leaves short text alone, on one line', () => {
    assert.equal(clip('  two\n\tlines ', 20), 'two lines');
  });
  it('cuts between characters and says so', () => {
    assert.equal(clip('ééééé', 9), 'ééé…');
    assert.equal(clip('ééééé', 10), 'ééééé');
  });
});
