/**
 * Questions to ask of a resource policy: does it refuse plain HTTP, whom does it admit? Pure.
 */

/** The parts of an IAM policy statement that are asked about. A list of one may be written as its member. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a policy document; none when there is no policy. Throws SyntaxError when it is not JSON. */
export function statementsOf(document: string | undefined): readonly Statement[] {
  if (document === undefined || document === '') return [];
  const { Statement } = JSON.parse(document) as { Statement?: Statement | Statement[] };
  return listOf(Statement);
}

/**
 * True when every action of the service is denied to everyone who comes without TLS.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export function deniesPlainTransport(document: string | undefined, service: 's3' | 'sqs' | 'sns'): boolean {
  return statementsOf(document).some(
    (statement) =>
      statement.Effect === 'Deny' &&
      principalsOf(statement).includes('*') &&
      listOf(statement.Action).some((action) => action === '*' || action.toLowerCase() === `${service}:*`) &&
      String(statement.Condition?.['Bool']?.['aws:SecureTransport']) === 'false',
  );
}

/** The service principals that an Allow statement names: `cloudwatch.amazonaws.com`. Sorted, each once. */
export function admittedServices(document: string | undefined): string[] {
  const allowed = statementsOf(document).filter(({ Effect }) => Effect === 'Allow');
  return [...new Set(allowed.flatMap(principalsOf).filter((principal) => principal.endsWith('.amazonaws.com')))].sort();
}

/** True when an Allow statement names everyone and sets no condition. */
export function admitsAnyone(document: string | undefined): boolean {
  return statementsOf(document).some(
    (statement) =>
      statement.Effect === 'Allow' &&
      principalsOf(statement).includes('*') &&
      Object.keys(statement.Condition ?? {}).length === 0,
  );
}

function principalsOf({ Principal }: Statement): string[] {
  if (Principal === undefined) return [];
  return typeof Principal === 'string' ? [Principal] : Object.values(Principal).flatMap((value) => listOf(value));
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
