import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command } from '@commander-js/extra-typings';
import { settleArguments } from './arguments.ts';

const command = new Command()
  .exitOverride()
  .configureOutput({ writeErr: () => {} })
  .option('--retry', '', false)
  .option('--no-hold', '')
  .option('--release <id>', '');
const parse = (...argv: string[]) => command.parse(settleArguments(argv, command.options), { from: 'user' }).opts();

describe('arguments of a workflow', () => {
  const table: readonly [argv: readonly string[], settled: readonly string[]][] = [
    [['--retry=true'], ['--retry']],
    [['--retry=false'], []],
    [['--retry='], []],
    [['--retry'], ['--retry']],
    [['--no-hold=true'], ['--no-hold']],
    [['--no-hold=false'], []],
    [['--release='], []],
    [['--release=true'], ['--release=true']],
    [['--release=a=b'], ['--release=a=b']],
    [['--release=two\nlines'], ['--release=two\nlines']],
    [
      ['--release', ''],
      ['--release', ''],
    ],
    [['--retry=maybe'], ['--retry=maybe']],
    [['--unknown=true'], ['--unknown=true']],
    [
      ['--', '--retry=true'],
      ['--', '--retry=true'],
    ],
  ];
  for (const [argv, settled] of table) {
    it(JSON.stringify(argv), () => assert.deepEqual(settleArguments(argv, command.options), settled));
  }

  it('reach the verb as its options', () => {
    const { retry, hold, release } = parse('--retry=true', '--no-hold=true', '--release=');
    assert.deepEqual({ retry, hold, release }, { retry: true, hold: false, release: undefined });
  });

  it('are refused where a flag is neither on nor off', () => {
    assert.throws(() => parse('--retry=maybe'), /unknown option/);
  });
});
