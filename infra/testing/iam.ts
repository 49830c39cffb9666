/**
 * Asks an IAM simulator what a synthesized template lets happen. Nothing is taken for granted: a policy the simulator finds
 * fault with, an action it does not know and a condition key it leaves aside all fail the test, as a denial for such a
 * reason would prove nothing.
 */
import assert from 'node:assert/strict';
import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { FleetTemplate } from './fleet.ts';

export type Context = Readonly<Record<string, string | string[]>>;
type Properties = Readonly<Record<string, unknown>>;

/** Claims of a token that a job asks AWS with, by their names in the token. */
export interface Claims {
  readonly aud: string;
  readonly sub: string;
  readonly job_workflow_ref: string;
}

export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
  /** What the resource itself says, where that counts even inside the account: the policy of a key. */
  readonly resourcePolicy?: unknown;
}

const ISSUER = 'token.actions.githubusercontent.com';
/**
 * The simulator's list of keys lacks two of GitHub's, and it drops what it does not know without a word. They are compared
 * like any other text, so they are called by names it does know, in policies and in claims.
 */
const KNOWN_AS: readonly (readonly [string, string])[] = [
  [`${ISSUER}:aud`, 'accounts.google.com:aud'],
  [`${ISSUER}:sub`, 'accounts.google.com:sub'],
];

/** The id of every API here. AWS takes `*` for any id; the simulator compares that part of an ARN letter by letter. */
export const API_ID = 'a1b2c3';
const ANY_API = /(:execute-api:[^:"]*:[^:"]*:)\*\//g;

export class TemplatePolicies {
  readonly #template: FleetTemplate;
  readonly #account: string;

  constructor(template: FleetTemplate, account: string) {
    this.#template = template;
    this.#account = account;
  }

  /** Whether GitHub's provider gets the role for a job with these claims. */
  async trustsJob(role: string, claims: Claims): Promise<boolean> {
    const context = Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${ISSUER}:${name}`, value]));
    const principal = `arn:aws:iam::${this.#account}:oidc-provider/${ISSUER}`;
    const call = { action: 'sts:AssumeRoleWithWebIdentity', resource: this.#arnOf('role', role), context };
    return await this.#simulate(principal, call, { resourcePolicy: this.#role(role)['AssumeRolePolicyDocument'] });
  }

  /** Whether a principal of the account, which its own policies let ask, gets the role. */
  async trustsPrincipal(role: string, principal: string): Promise<boolean> {
    const call = { action: 'sts:AssumeRole', resource: this.#arnOf('role', role) };
    return await this.#simulate(principal, call, {
      identityPolicies: [{ name: 'asks', policy: allowing('sts:AssumeRole', call.resource) }],
      resourcePolicy: this.#role(role)['AssumeRolePolicyDocument'],
    });
  }

  /** Whether what the role has, inline and attached, lets it make a call. */
  async lets(role: string, call: Call): Promise<boolean> {
    const { Policies = [], ManagedPolicyArns = [] } = this.#role(role) as RolePolicies;
    const attached = ManagedPolicyArns.map((arn) => this.#managed(String(arn).split('/').at(-1) ?? ''));
    const documents = [...Policies.map(({ PolicyDocument }) => PolicyDocument), ...attached];
    return await this.#simulate(`arn:aws:sts::${this.#account}:assumed-role/${role}/test`, call, {
      identityPolicies: documents.map((policy, index) => ({ name: `policy-${index}`, policy })),
      ...(call.resourcePolicy !== undefined && { resourcePolicy: call.resourcePolicy }),
    });
  }

  /** Whether a managed policy by itself lets a call be made. */
  async policyLets(name: string, call: Call): Promise<boolean> {
    return await this.#simulate(`arn:aws:sts::${this.#account}:assumed-role/anyone/test`, call, {
      identityPolicies: [{ name, policy: this.#managed(name) }],
    });
  }

  /** Whether a role that may do everything still may make a call below the boundary of that name. */
  async boundaryLeaves(name: string, call: Call): Promise<boolean> {
    return await this.#simulate(`arn:aws:sts::${this.#account}:assumed-role/anyone/test`, call, {
      identityPolicies: [{ name: 'everything', policy: allowing('*', '*') }],
      permissionBoundaryPolicies: [{ name, policy: this.#managed(name) }],
    });
  }

  async #simulate(principal: string, { action, resource, context = {} }: Call, policies: Partial<Simulation>) {
    const asked: Simulation = {
      request: {
        principal,
        action,
        resource: { resource, accountId: this.#account },
        contextVariables: { ...context },
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...policies,
    };
    const result = await runSimulation(renamed(asked), {});
    const label = `${action} on ${resource}`;
    if (result.resultType === 'error') assert.fail(`${label}: ${JSON.stringify(result.errors)}`);
    const each = result.resultType === 'single' ? [result.result] : result.results;
    const ignored = each.flatMap(({ ignoredContextKeys }) => ignoredContextKeys ?? []);
    assert.deepEqual(ignored, [], `${label}: condition keys that the simulator left aside`);
    return result.overallResult === 'Allowed';
  }

  #role(name: string): Properties {
    return this.#named('AWS::IAM::Role', 'RoleName', name);
  }

  #managed(name: string): unknown {
    return this.#named('AWS::IAM::ManagedPolicy', 'ManagedPolicyName', name)['PolicyDocument'];
  }

  #named(type: string, property: string, name: string): Properties {
    const found = Object.values(this.#template.Resources).find(
      (resource) => resource.Type === type && resource.Properties?.[property] === name,
    );
    if (found === undefined) throw new RangeError(`the template has no ${type} ${name}`);
    return this.#resolve(found.Properties) as Properties;
  }

  /** What `Ref` and `Fn::GetAtt` of this template's own roles, policies and provider stand for: their ARNs. */
  #resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const { Ref: ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[] };
    const logicalId = ref ?? attribute?.[0];
    if (logicalId !== undefined) return this.#arnOfResource(logicalId);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#resolve(item)]));
  }

  #arnOfResource(logicalId: string): string {
    const { Type, Properties } = this.#template.Resources[logicalId] ?? {};
    if (Type === 'AWS::IAM::OIDCProvider') return this.#arnOf('oidc-provider', ISSUER);
    if (Type === 'AWS::IAM::Role') return this.#arnOf('role', String(Properties?.['RoleName']));
    if (Type === 'AWS::IAM::ManagedPolicy') return this.#arnOf('policy', String(Properties?.['ManagedPolicyName']));
    throw new RangeError(`the ARN of ${logicalId} is not known here`);
  }

  #arnOf(kind: string, name: string): string {
    return `arn:aws:iam::${this.#account}:${kind}/${name}`;
  }
}

interface RolePolicies {
  readonly Policies?: readonly { readonly PolicyDocument: unknown }[];
  readonly ManagedPolicyArns?: readonly unknown[];
}

const allowing = (Action: string, Resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

function renamed(simulation: Simulation): Simulation {
  const text = KNOWN_AS.reduce(
    (now, [name, known]) => now.replaceAll(`"${name}"`, `"${known}"`),
    JSON.stringify(simulation),
  );
  return JSON.parse(text.replaceAll(ANY_API, `$1${API_ID}/`)) as Simulation;
}
