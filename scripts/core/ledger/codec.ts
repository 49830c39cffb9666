/**
 * The ledger as text and back. A part that was edited by hand, cut or written by a newer version is an error that names
 * the parameter and what is wrong: nothing is guessed, as a guess here would choose what runs in production. Pure.
 */
import { z } from 'zod';
import { EXIT, GitOpsError } from '../errors.ts';
import { EMPTY_LEDGER, type Ledger, type PartName, partSchemas, SCHEMA_VERSION, standingRelease } from './ledger.ts';

/** Standard SSM parameters: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
export const MAX_PARAMETER_BYTES = 4_096;

/** Thrown when a ledger parameter can't be what this product wrote. Exit 1; nothing has been changed. */
export class LedgerCorruptError extends GitOpsError {
  readonly parameter: string;

  constructor(parameter: string, problem: string, cause?: unknown) {
    super(
      `The ledger parameter ${parameter} can't be relied on: ${problem}. Nothing was changed. ` +
        `Look at its earlier values with "aws ssm get-parameter-history --name ${parameter}" and put the last good one back.`,
      { code: 'LEDGER_CORRUPT', source: 'user', exitCode: EXIT.failed, cause },
    );
    this.parameter = parameter;
  }
}

/** Thrown when a part would not fit a parameter: a defect, as every field is bounded. */
export class LedgerTooLargeError extends GitOpsError {
  constructor(part: PartName, bytes: number) {
    super(`The ledger's part "${part}" would take ${bytes} bytes; a parameter holds ${MAX_PARAMETER_BYTES}.`, {
      code: 'LEDGER_TOO_LARGE',
      source: 'internal',
      exitCode: EXIT.failed,
    });
  }
}

/**
 * SSM refuses values with `{{`: that is its syntax for references. JSON has it in strings only, where an escape says the same.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#API_PutParameter_RequestSyntax
 */
const escapeReferences = (json: string): string => json.replaceAll('{{', '{\\u007b');

/** @throws LedgerTooLargeError */
export function encodePart<Name extends PartName>(name: Name, part: Ledger[Name]): string {
  const text = escapeReferences(JSON.stringify(part));
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_PARAMETER_BYTES) throw new LedgerTooLargeError(name, bytes);
  return text;
}

/** A part as it was read: the parameter's name, and its value or undefined where there is no such parameter. */
export interface StoredPart {
  readonly parameter: string;
  readonly value: string | undefined;
}

/**
 * Reads the three parts and checks that they fit together.
 * @throws LedgerCorruptError
 */
export function decodeLedger(stored: Readonly<Record<PartName, StoredPart>>): Ledger {
  const ledger: Ledger = {
    current: decodePart('current', stored.current),
    validated: decodePart('validated', stored.validated),
    hold: decodePart('hold', stored.hold),
  };
  const standing = standingRelease(ledger.current);
  const newest = ledger.validated.releases[0];
  if (standing !== null && standing.id !== newest?.release.id) {
    throw new LedgerCorruptError(
      stored.validated.parameter,
      `${stored.current.parameter} says that release ${standing.id} is ${ledger.current.state}, yet ` +
        `${newest === undefined ? 'no release is' : `release ${newest.release.id} is`} the last validated one here`,
    );
  }
  const ids = ledger.validated.releases.map(({ release }) => release.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new LedgerCorruptError(stored.validated.parameter, `release ${twice} stands in it twice`);
  return ledger;
}

function decodePart<Name extends PartName>(name: Name, { parameter, value }: StoredPart): Ledger[Name] {
  if (value === undefined) return EMPTY_LEDGER[name];
  const found = parseJson(parameter, value);
  const version = z.looseObject({ schema: z.number() }).safeParse(found);
  if (version.success && version.data.schema > SCHEMA_VERSION) {
    throw new LedgerCorruptError(
      parameter,
      `it has schema ${version.data.schema} and this version knows ${SCHEMA_VERSION}: use the newer version of this product`,
    );
  }
  const parsed = partSchemas[name].safeParse(found);
  if (!parsed.success) throw new LedgerCorruptError(parameter, describeIssues(parsed.error), parsed.error);
  return parsed.data as Ledger[Name];
}

function parseJson(parameter: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new LedgerCorruptError(parameter, `it is no JSON (${error instanceof Error ? error.message : error})`, error);
  }
}

const describeIssues = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `at ${path.length === 0 ? 'its root' : path.join('.')}: ${message}`).join('; ');
