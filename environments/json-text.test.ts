/** Texts that are no good JSON, through the loader: one problem each, in words, at its line and column. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, places, problemsOf, shipped } from './testing/configuration-folder.ts';

const noJson: readonly (readonly [string, string | Buffer, RegExp, string?])[] = [
  ['an empty file', '', /an empty file/],
  ['blanks', ' \n\t', /an empty file/],
  ['a trailing comma', '{\n  "name": "dev",\n}', /unexpected "}"/, '3:1'],
  ['a comment', '// dev\n{}', /unexpected "\/"/, '1:1'],
  ['single quotes', "{'name': 1}", /unexpected "'"/, '1:2'],
  ['an end too early', '{\n  "name": "dev"', /the end of the file too early/, '2:16'],
  ['a control character in a text', '{"name": "\t"}', /no valid JSON/],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /ERR_ENCODING_INVALID_ENCODED_DATA/],
  ['a list', '[]', /\[\]/, '1:1'],
  ['a text', '"dev"', /"dev"/, '1:1'],
  ['null', 'null', /null/, '1:1'],
];

for (const [what, content, found, at] of noJson) {
  test(`${what} instead of an environment is one problem`, () => {
    const problems = problemsOf({ dev: content });

    assert.deepEqual(places(problems), ['dev.json']);
    assert.match(problems[0]?.found ?? '', found);
    if (at !== undefined) assert.equal(`${problems[0]?.line}:${problems[0]?.column}`, at);
  });
}

test('a byte order mark is a problem, and hides no other', () => {
  const text = `\uFEFF${JSON.stringify(changed(shipped('dev'), ['region'], 'x'))}`;

  assert.deepEqual(places(problemsOf({ dev: text })), ['dev.json', 'dev.json region']);
});

test('a key written twice is a problem at its second place', () => {
  const text = JSON.stringify(shipped('dev'), null, 2).replace('"memoryMb"', '"memoryMb": 512,\n    "memoryMb"');
  const [problem, ...others] = problemsOf({ dev: text });

  assert.deepEqual(others, []);
  assert.equal(problem?.path, 'functions.memoryMb');
  assert.equal(text.split('\n')[(problem?.line ?? 0) - 1], '    "memoryMb": 512,');
});

test('a key __proto__ is unknown like any other', () => {
  const text = JSON.stringify(shipped('dev')).replace('{', '{"__proto__":{"name":"x"},');

  assert.deepEqual(places(problemsOf({ dev: text })), ['dev.json __proto__']);
});

test('nesting without end is a problem, not a crash', () => {
  assert.deepEqual(places(problemsOf({ dev: '['.repeat(100_000) + ']'.repeat(100_000) })), ['dev.json']);
});
