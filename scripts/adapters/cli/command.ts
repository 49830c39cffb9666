/**
 * The frame of every verb: its options and help, its one catch, its exit codes, and where its output goes.
 *
 * A verb's `main.ts` gives a definition and a handler to `runCommand` and holds nothing else.
 */
import { Command, type OptionValues } from '@commander-js/extra-typings';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { Ending } from '../../core/cause.ts';
import { EXIT } from '../../core/errors.ts';
import type { Reporter } from '../../core/progress.ts';
import {
  annotateError,
  harmlessJson,
  harmlessText,
  setStepOutputs,
  writeJobSummary,
} from '../reporter/github-actions.ts';
import { createReporter } from '../reporter/reporter.ts';
import { quietSdkNodeWarning, readLocal, readSurroundings, type Surroundings } from '../variables.ts';
import { settleArguments } from './arguments.ts';
import { describeFailure, renderFailure } from './failure.ts';
import { type CleanUp, InterruptedError, Lifecycle, SIGNAL_EXIT_CODES } from './lifecycle.ts';
import { type Output, openOutput, reserveStdout, saveText, surviveClosedReaders } from './output.ts';
import { ALL, selectEnvironments } from './select-environments.ts';

export interface CommandDefinition<Own extends OptionValues> {
  /** The npm script: `deploy` is called as `npm run deploy -- …`. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What an absent `--env` means. */
  readonly whenEnvOmitted: 'all' | 'refuse';
  /** Adds the verb's own options; their types reach the handler. */
  readonly configure: (command: Command) => Command<[], Own>;
  readonly examples: readonly Example[];
}

export interface Example {
  /** What follows `npm run <verb> -- `. Empty for the bare verb. */
  readonly options: string;
  readonly does: string;
}

export interface CommandContext<Own extends OptionValues> {
  readonly options: Own;
  /** `--local` or `GITOPS_LOCAL`: the emulated accounts instead of AWS. */
  readonly local: boolean;
  readonly reporter: Reporter;
  /** Aborted when the command is interrupted. */
  readonly signal: AbortSignal;
  /** What `--env` names, unchecked; empty when it was not given. For verbs that must work whatever the files say. */
  readonly environmentNames: readonly string[];
  /**
   * Loads environments/*.json and picks what `--env` names.
   * @throws what `loadEnvironments` throws when any file is wrong, and UsageError for an unknown name.
   */
  readonly environments: () => Promise<readonly EnvironmentConfig[]>;
  /** Registers a clean-up that runs however the command ends; the function returned withdraws it. */
  readonly onExit: (hook: CleanUp) => () => void;
}

/** What a verb gives back. One that failed says why: an annotation of the run, and `error` of the document. */
export type CommandResult = Ending & Shown;

interface Shown {
  /** `--json` prints it, with `ok` set from the exit code, and `error` where it failed. */
  readonly document: Readonly<Record<string, unknown>> & { readonly ok?: never; readonly error?: never };
  /** For people, on stdout. Without a trailing newline. */
  readonly text: string;
  /** Markdown for the job summary; `text` in a code block when absent, nothing at all when empty. */
  readonly summary?: string;
  /** For later steps and jobs of a workflow: outputs of the step, set also when the command fails. */
  readonly outputs?: Readonly<Record<string, string>>;
}

export type CommandHandler<Own extends OptionValues> = (context: CommandContext<Own>) => Promise<CommandResult>;

/** Runs a verb with this process's arguments and ends the process with the verb's exit code. */
export async function runCommand<Own extends OptionValues>(
  definition: CommandDefinition<Own>,
  handler: CommandHandler<Own>,
): Promise<never> {
  quietSdkNodeWarning();
  process.exit(await execute(definition, handler, process.argv.slice(2)));
}

async function execute<Own extends OptionValues>(
  definition: CommandDefinition<Own>,
  handler: CommandHandler<Own>,
  argv: readonly string[],
): Promise<number> {
  const surroundings = readSurroundings();
  const json = argv.includes('--json');
  surviveClosedReaders(process.stdout, process.stderr);
  const output = (json ? reserveStdout : openOutput)(process.stdout, process.stderr);
  const reporter = await createReporter(surroundings, process.stderr);
  const lifecycle = new Lifecycle((text) => reporter.warn(text));
  try {
    const parsed = parse(definition, argv);
    if (parsed.kind === 'help') {
      await output.result(parsed.text);
      return EXIT.done;
    }
    const { common, own } = parsed;
    const result = await lifecycle.run(() =>
      handler({
        options: own,
        local: common.local,
        reporter,
        signal: lifecycle.signal,
        environmentNames: common.env,
        environments: () => chooseEnvironments(common.env, definition.whenEnvOmitted),
        onExit: (hook) => lifecycle.onExit(hook),
      }),
    );
    await lifecycle.cleanUp();
    reporter.close();
    if (common.save !== undefined) await saveText(common.save, renderDocument(result));
    await printResult(definition, result, json, output, surroundings);
    return result.exitCode;
  } catch (error) {
    await lifecycle.cleanUp();
    reporter.close();
    return await printFailure(definition, error, json, output, surroundings);
  }
}

/** Loads on demand: a verb like `stop` works while a file is wrong, and `--help` need not wait for the schema. */
async function chooseEnvironments(
  names: readonly string[],
  whenOmitted: 'all' | 'refuse',
): Promise<readonly EnvironmentConfig[]> {
  const { loadEnvironments } = await import('../../../environments/load.ts');
  return selectEnvironments(names, loadEnvironments(), whenOmitted);
}

interface CommonOptions {
  readonly env: readonly string[];
  readonly local: boolean;
  readonly save?: string | undefined;
}

type Parsed<Own> =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'run'; readonly common: CommonOptions; readonly own: Own };

/** @throws CommanderError for options that are wrong. */
function parse<Own extends OptionValues>(definition: CommandDefinition<Own>, argv: readonly string[]): Parsed<Own> {
  const help: string[] = [];
  const command = new Command(`npm run ${definition.name} --`)
    .description(definition.summary)
    .exitOverride()
    .configureOutput({ writeOut: (text) => help.push(text), writeErr: () => {} });
  const own = definition.configure(command);
  const complete = command
    .option('--env <name>', `environment, repeatable, or "${ALL}"${omitted(definition)}`, collect)
    .option('--local', 'the emulated accounts of `npm start` instead of AWS (GITOPS_LOCAL=true does the same)')
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .option('--save <file>', 'write that document to a file too')
    .addHelpText('after', helpEnd(definition));
  try {
    complete.parse(settleArguments(argv, complete.options), { from: 'user' });
  } catch (error) {
    if (help.length > 0) return { kind: 'help', text: help.join('') };
    throw error;
  }
  const { env = [], local = readLocal(), save } = complete.opts();
  return { kind: 'run', common: { env, local, save }, own: own.opts() };
}

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

function omitted({ whenEnvOmitted }: CommandDefinition<OptionValues>): string {
  return whenEnvOmitted === 'all' ? ' (default: all)' : ' (required)';
}

function helpEnd({ name, examples }: CommandDefinition<OptionValues>): string {
  const lines = examples.map(({ options, does }) => {
    const call = options === '' ? `npm run ${name}` : `npm run ${name} -- ${options}`;
    return `  ${call}\n      ${does}`;
  });
  return `
Examples:
${lines.join('\n')}

Exit codes:
  0  done, or nothing to do
  1  what was asked for does not hold
  2  wrong use or wrong configuration
  3  stopped by a guard: freeze, hold, lock, plan changed since approval
`;
}

async function printResult(
  definition: CommandDefinition<OptionValues>,
  result: CommandResult,
  json: boolean,
  output: Output,
  surroundings: Surroundings,
): Promise<void> {
  const { cause, text, summary, outputs } = result;
  const printed = harmless(surroundings);
  await output.result(json ? printed.document(renderDocument(result)) : printed.text(`${text}\n`));
  if (!surroundings.githubActions) return;
  if (cause !== undefined) await annotateError(definition.name, cause.message);
  await setStepOutputs(outputs ?? {});
  const markdown = summary ?? `\`\`\`\n${text}\n\`\`\``;
  if (markdown !== '') await writeJobSummary(definition.name, markdown);
}

/** Only where a runner reads along: for everyone else text is as the verb made it. */
const harmless = ({ githubActions }: Surroundings) =>
  githubActions ? { text: harmlessText, document: harmlessJson } : { text: asIs, document: asIs };

const asIs = (text: string): string => text;

function renderDocument({ exitCode, cause, document }: CommandResult): string {
  const { code, source = 'user', message } = cause ?? {};
  const error = cause === undefined ? {} : { error: { code, source, message } };
  return `${JSON.stringify({ ok: exitCode === EXIT.done, ...error, ...document }, null, 2)}\n`;
}

async function printFailure(
  definition: CommandDefinition<OptionValues>,
  error: unknown,
  json: boolean,
  output: Output,
  surroundings: Surroundings,
): Promise<number> {
  if (error instanceof InterruptedError) {
    if (json) await output.result(documentOf({ code: 'INTERRUPTED', source: 'user', message: error.message }));
    return SIGNAL_EXIT_CODES[error.signal];
  }
  const failure = describeFailure(error, surroundings.debug);
  const { code, source, message, problems } = failure;
  const { text, document } = harmless(surroundings);
  output.note(text(renderFailure(failure)));
  if (json) await output.result(document(documentOf({ code, source, message, problems })));
  if (surroundings.githubActions) {
    await annotateError(definition.name, message);
    await writeJobSummary(definition.name, `\`\`\`\n${message}\n\`\`\``);
  }
  return failure.exitCode;
}

const documentOf = (error: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ ok: false, error }, null, 2)}\n`;
