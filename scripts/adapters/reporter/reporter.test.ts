/** What a reader sees of the same work on a terminal, in a log, and on a runner of GitHub Actions. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Surroundings } from '../variables.ts';
import { GitHubActionsReporter } from './github-actions.ts';
import { PlainReporter } from './plain.ts';
import { createReporter } from './reporter.ts';
import { TerminalReporter } from './terminal.ts';
import { formatElapsed } from './text.ts';

/** A sink that keeps what it is given, and a clock that is set by hand. */
function recorder(columns = 80) {
  const written: string[] = [];
  const clock = { milliseconds: 0 };
  return {
    columns,
    rows: 24,
    write: (text: string): boolean => written.push(text) > 0,
    clock,
    now: () => clock.milliseconds,
    text: () => written.join(''),
    forget: () => {
      written.length = 0;
    },
  };
}

describe('PlainReporter', () => {
  it('prints one line when a task starts and one when it ends, with its path and the time it took', () => {
    const sink = recorder();
    const reporter = new PlainReporter(sink, sink.now);
    const task = reporter.task('dev');
    const child = task.child('trading-vpc-dev');
    child.update('3 of 12 resources');
    sink.clock.milliseconds = 1_500;
    child.done('created');
    task.fail('1 stack failed');
    task.done('too late');
    assert.equal(
      sink.text(),
      'dev …\ndev › trading-vpc-dev …\n✓ dev › trading-vpc-dev: created (1.5s)\n✗ dev: 1 stack failed (1.5s)\n',
    );
  });

  it('prints no control characters, whatever a service says', () => {
    const sink = recorder();
    const reporter = new PlainReporter(sink, sink.now);
    reporter.info('\u001b[31mred\u001b[0m\r\u0007 bell');
    reporter.warn('two\nlines');
    assert.equal(sink.text(), 'red bell\nwarning: two\nlines\n');
  });
});

describe('TerminalReporter', () => {
  it('redraws live lines in place and leaves one line when the task ends', () => {
    const terminal = recorder();
    const reporter = new TerminalReporter(terminal, terminal.now);
    const task = reporter.task('dev');
    const child = task.child('trading-vpc-dev');
    child.update('3 of 12 resources');
    terminal.clock.milliseconds = 2_000;
    terminal.forget();
    reporter.info('a line above');
    const live = stripVTControlCharacters(terminal.text());
    assert.match(live, /a line above\n.*dev {2}2\.0s\n.*trading-vpc-dev {2}2\.0s {2}3 of 12 resources/);
    child.done('created');
    terminal.forget();
    task.done('7 stacks');
    reporter.close();
    assert.equal(stripVTControlCharacters(terminal.text()).trim(), '✓ dev  2.0s  7 stacks');
  });

  it('keeps the whole reason of a failed child on screen', () => {
    const terminal = recorder(40);
    const reporter = new TerminalReporter(terminal, terminal.now);
    const task = reporter.task('dev');
    const reason = 'OrdersTable: the provisioned capacity is larger than what the account allows';
    task.child('trading-dynamodb-dev').fail(reason);
    task.child('trading-vpc-dev').done();
    terminal.forget();
    task.fail('1 stack failed');
    reporter.close();
    const text = stripVTControlCharacters(terminal.text());
    assert.ok(text.includes(reason), text);
    assert.doesNotMatch(text, /trading-vpc-dev/);
  });

  it('cuts live lines to the width, since a wrapped one would not be erased', () => {
    const terminal = recorder(40);
    const reporter = new TerminalReporter(terminal, terminal.now);
    reporter.task('dev').update('a very long text that goes on and on\nover lines without end');
    terminal.forget();
    reporter.warn('redraw');
    reporter.close();
    for (const line of stripVTControlCharacters(terminal.text()).split('\n')) assert.ok(line.length < 40, line);
  });
});

describe('GitHubActionsReporter', () => {
  function recordingCore() {
    const calls: string[] = [];
    return {
      calls,
      startGroup: (name: string) => void calls.push(`group ${name}`),
      endGroup: () => void calls.push('end'),
      info: (text: string) => void calls.push(text),
      warning: (message: string | Error) => void calls.push(`warning ${message}`),
    };
  }

  it('groups a task that runs alone', () => {
    const core = recordingCore();
    const reporter = new GitHubActionsReporter(core, () => 0);
    reporter.task('dev').done();
    reporter.close();
    assert.deepEqual(core.calls, ['group dev', 'dev …', '✓ dev: done (0.0s)', 'end']);
  });

  it('ends the group when a second task runs beside the first, and groups again afterwards', () => {
    const core = recordingCore();
    const reporter = new GitHubActionsReporter(core, () => 0);
    const first = reporter.task('dev');
    const second = reporter.task('staging');
    first.done();
    second.done();
    reporter.task('prod').done();
    assert.deepEqual(
      core.calls.filter((call) => call === 'end' || call.startsWith('group')),
      ['group dev', 'end', 'group prod', 'end'],
    );
  });

  it('lets no text of a service act as a workflow command', () => {
    const core = recordingCore();
    new GitHubActionsReporter(core, () => 0).info('fine\n  ::set-output name=x::y\nand ##[error]z');
    for (const line of (core.calls[0] ?? '').split('\n')) assert.doesNotMatch(line, /^\s*::|##\[/);
  });
});

describe('createReporter', () => {
  const quiet: Surroundings = { githubActions: false, ci: false, dumbTerminal: false, debug: false };
  const kindOf = async (surroundings: Partial<Surroundings>, isTTY: boolean): Promise<string> => {
    const reporter = await createReporter({ ...quiet, ...surroundings }, { isTTY } as NodeJS.WriteStream);
    return reporter.constructor.name;
  };

  it('chooses by terminal, CI and runner', async () => {
    assert.equal(await kindOf({}, true), 'TerminalReporter');
    assert.equal(await kindOf({}, false), 'PlainReporter');
    assert.equal(await kindOf({ ci: true }, true), 'PlainReporter');
    assert.equal(await kindOf({ dumbTerminal: true }, true), 'PlainReporter');
    assert.equal(await kindOf({ githubActions: true, ci: true }, false), 'GitHubActionsReporter');
  });
});

describe('formatElapsed', () => {
  it('shows tenths under a minute and minutes above', () => {
    assert.deepEqual([0, 440, 59_940, 59_990, 125_400].map(formatElapsed), [
      '0.0s',
      '0.4s',
      '59.9s',
      '1m 00s',
      '2m 05s',
    ]);
  });
});
