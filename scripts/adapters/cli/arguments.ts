/**
 * Arguments as a workflow writes them, made into those of a person: an input of a workflow is always there, as text, also
 * where nobody filled it in. Pure.
 *
 * `--retry="$RETRY"` is the flag where the input is `true` and nothing where it is `false`; `--release="$RELEASE"` is
 * nothing where the input is empty. So no workflow has to choose between two command lines. An option that must not be
 * left out is written in two words, `--only "$ENVIRONMENT"`: an empty value stays one, and is refused.
 */

/** What of commander's Option decides. */
export interface KnownOption {
  readonly long?: string | null | undefined;
  /** `--release <id>` */
  readonly required: boolean;
  /** `--color [when]` */
  readonly optional: boolean;
}

/** @returns the arguments to parse; unknown options stay as they are, for commander to refuse */
export function settleArguments(argv: readonly string[], options: readonly KnownOption[]): string[] {
  const end = argv.indexOf('--');
  const [own, rest] = end === -1 ? [argv, []] : [argv.slice(0, end), argv.slice(end)];
  return [...own.flatMap((argument) => settle(argument, options)), ...rest];
}

function settle(argument: string, options: readonly KnownOption[]): readonly string[] {
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(argument) ?? [];
  const option = options.find(({ long }) => long === name);
  if (name === undefined || option === undefined) return [argument];
  if (option.required || option.optional) return value === '' ? [] : [argument];
  if (value === 'true') return [name];
  return value === 'false' || value === '' ? [] : [argument];
}
