/**
 * Whether a role's trust policy lets a caller in: a GitHub job by its token, or a session of another role. Pure.
 *
 * It knows what the roles of this product and of `cdk bootstrap` use, and nothing beyond: whatever else a policy holds is
 * an error and never an answer, since half an evaluation would let in, or keep out, what AWS does not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { z } from 'zod';

/** Who asks for a role. */
export type Caller =
  | {
      readonly kind: 'token';
      /** ARN of the OIDC provider that vouches for the token. */
      readonly provider: string;
      readonly claims: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'role';
      /** `arn:aws:iam::123456789012:role/gitops-deploy-dev` */
      readonly arn: string;
      /** What the caller gives as such, if anything. */
      readonly externalId?: string;
    };

export interface TrustDecision {
  readonly allowed: boolean;
  /** Which conditions held, or which did not: with what was found and what is trusted. */
  readonly reason: string;
}

/** Thrown for a policy that holds something this evaluation does not know. */
export class UnknownTrustError extends Error {
  constructor(what: string) {
    super(`can't evaluate the trust policy: ${what}`);
    this.name = 'UnknownTrustError';
  }
}

const strings = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Allow'),
  Action: strings.pipe(
    z.array(z.enum(['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'])),
  ),
  Principal: z.strictObject({
    Federated: strings.optional(),
    AWS: strings.optional(),
    Service: strings.optional(),
  }),
  Condition: z.record(z.string(), z.record(z.string(), strings)).default({}),
});

const policy = z.strictObject({
  Version: z.literal('2012-10-17').optional(),
  Id: z.string().optional(),
  Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
});

type Statement = z.infer<typeof statement>;

/**
 * @param document the AssumeRolePolicyDocument, parsed from JSON
 * @throws UnknownTrustError
 */
export function evaluateTrust(document: unknown, caller: Caller): TrustDecision {
  const parsed = policy.safeParse(document);
  if (!parsed.success) throw new UnknownTrustError(z.prettifyError(parsed.error));
  const action = caller.kind === 'token' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole';
  const statements = parsed.data.Statement.filter(({ Action }) => Action.includes(action));
  // All of them are looked at, also behind one that lets in: what can't be evaluated must not hide.
  const findings = statements.map((each) => examine(each, caller));
  const open = findings.find(({ missed }) => missed.length === 0);
  if (open !== undefined) return { allowed: true, reason: open.held.join(', ') };
  if (findings.length === 0) return { allowed: false, reason: `no statement is about ${action}` };
  return { allowed: false, reason: findings.map(({ missed }) => missed.join(', ')).join('; or: ') };
}

interface Finding {
  readonly held: readonly string[];
  readonly missed: readonly string[];
}

function examine({ Principal, Condition }: Statement, caller: Caller): Finding {
  const results = [
    matchPrincipal(Principal, caller),
    ...Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, trusted]) => matchCondition(operator, key, trusted, caller)),
    ),
  ];
  const say = (wanted: boolean): string[] => results.filter(({ holds }) => holds === wanted).map(({ text }) => text);
  return { held: say(true), missed: say(false) };
}

interface Match {
  readonly holds: boolean;
  readonly text: string;
}

const PROVIDER = /^arn:aws[\w-]*:iam::\d{12}:oidc-provider\/[\w./-]+$/;
/**
 * An account, by its id or as root, or one role of it. The empty string is nobody: the emulator leaves it where
 * CloudFormation would drop an empty list.
 */
const AWS_PRINCIPAL = /^(|\d{12}|arn:aws[\w-]*:iam::\d{12}:(root|role\/[\w+=,.@/-]+))$/;

function matchPrincipal({ Federated = [], AWS = [] }: Statement['Principal'], caller: Caller): Match {
  refuseUnknown(Federated, PROVIDER);
  refuseUnknown(AWS, AWS_PRINCIPAL);
  if (caller.kind === 'token') {
    const holds = Federated.includes(caller.provider);
    return { holds, text: describe('provider', caller.provider, Federated, holds) };
  }
  const account = caller.arn.split(':')[4] ?? '';
  const holds = AWS.some((trusted) => [caller.arn, account].includes(trusted) || isRoot(trusted, account));
  return { holds, text: describe('caller', caller.arn, AWS, holds) };
}

const isRoot = (trusted: string, account: string): boolean =>
  /^arn:[\w-]+:iam::(\d{12}):root$/.exec(trusted)?.[1] === account;

function refuseUnknown(values: readonly string[], known: RegExp): void {
  const unknown = values.find((value) => !known.test(value));
  if (unknown !== undefined) throw new UnknownTrustError(`the principal ${JSON.stringify(unknown)}`);
}

const CLAIM = /^token\.actions\.githubusercontent\.com:(aud|sub|job_workflow_ref)$/;

function matchCondition(operator: string, key: string, trusted: readonly string[], caller: Caller): Match {
  const claim = CLAIM.exec(key)?.[1];
  if (operator === 'StringEquals' && caller.kind === 'token' && claim !== undefined) {
    const variable = trusted.find((value) => value.includes('$'));
    if (variable !== undefined) throw new UnknownTrustError(`the variable in ${JSON.stringify(variable)}`);
    const found = caller.claims[claim];
    // A key the request has not, or has several values for, equals nothing.
    const holds = typeof found === 'string' && trusted.includes(found);
    return { holds, text: describe(claim, found, trusted, holds) };
  }
  if (operator === 'Null' && caller.kind === 'role' && key === 'sts:ExternalId') {
    const holds = trusted.every((value) => value === String(caller.externalId === undefined));
    return { holds, text: holds ? 'external id as trusted' : 'an external id is not as trusted' };
  }
  throw new UnknownTrustError(`the condition ${operator} of ${key}`);
}

function describe(name: string, found: unknown, trusted: readonly string[], holds: boolean): string {
  const is = found === undefined ? `${name} is absent` : `${name} is ${JSON.stringify(found)}`;
  if (holds) return is;
  const wanted = trusted.length === 0 ? 'none' : trusted.map((value) => JSON.stringify(value)).join(' or ');
  return `${is}, trusted: ${wanted}`;
}
