/**
 * Evaluates expressions of workflows with GitHub's own implementation, so that a test asks what a run would do instead of
 * how a condition is spelt.
 */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** How the jobs went that a job waits for. */
export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface Needed {
  readonly result: JobResult;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface Context {
  readonly needs: Readonly<Record<string, Needed>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly matrix?: Readonly<Record<string, unknown>>;
  readonly github?: Readonly<Record<string, unknown>>;
  /** The run as a whole was cancelled; a job that ran out of time is only itself. */
  readonly runCancelled?: boolean;
}

/** @returns the value as JSON would hold it */
export function evaluate(expression: string, context: Context): unknown {
  const results = Object.values(context.needs).map(({ result }) => result);
  const status: Readonly<Record<string, boolean>> = {
    success: results.every((result) => result === 'success'),
    failure: results.includes('failure'),
    cancelled: context.runCancelled ?? false,
    always: true,
  };
  const functions = Object.entries(status).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
  const inner = /^\$\{\{(.*)\}\}$/s.exec(expression.trim())?.[1] ?? expression;
  const parsed = new Parser(new Lexer(inner).lex().tokens, ['needs', 'inputs', 'matrix', 'github'], functions).parse();
  const values = JSON.parse(JSON.stringify(context), data.reviver) as data.Dictionary;
  const result = new Evaluator(parsed, values, new Map(functions.map((one) => [one.name, one]))).evaluate();
  return JSON.parse(JSON.stringify(result, data.replacer));
}

/** A text with its expressions put in: `Wave 1: ${{ matrix.leg.environment }}`. What is null is nothing. */
export function interpolate(text: string, context: Context): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (expression) => {
    const value = evaluate(expression, context);
    return value === null ? '' : String(value);
  });
}

/**
 * Whether a job runs. Without a status function in its condition, all that it waits for must have succeeded.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
 */
export function jobRuns(condition: string | undefined, context: Context): boolean {
  const text = condition ?? 'success()';
  const implied = /\b(success|failure|cancelled|always)\(\)/.test(text) ? text : `success() && (${strip(text)})`;
  return truthy(evaluate(implied, context));
}

const strip = (text: string): string => /^\$\{\{(.*)\}\}$/s.exec(text.trim())?.[1] ?? text;

/** https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#literals */
const truthy = (value: unknown): boolean => value !== false && value !== 0 && value !== '' && value !== null;
