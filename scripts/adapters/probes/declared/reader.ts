/** What a reader of declared properties gets and gives: one reader for each CloudFormation type. */
import type { TemplateResource } from '../inventory.ts';
import type { ProbeContext } from '../probe.ts';

export type Properties = Readonly<Record<string, unknown>>;

export interface DeclaredResource {
  readonly physicalId: string;
  readonly logicalId: string;
  /** Properties of the template, resolved: what to look for. */
  readonly declared: Properties;
  /** All resources of its stack's template. */
  readonly template: Readonly<Record<string, TemplateResource>>;
  readonly context: ProbeContext;
}

export interface Reader {
  /**
   * The live properties by CloudFormation's names; undefined for a setting the service does not have. Names left out were
   * not read.
   * @throws GoneError, and what the service answers
   */
  readonly read: (resource: DeclaredResource) => Promise<Properties>;
  /** Declared properties that the service does not give back, and why. */
  readonly beyond?: Readonly<Record<string, string>>;
}

export type Readers = Readonly<Record<string, Reader>>;

/** Thrown where a listing does not have the thing. Named as EC2 names such errors: `observe` reads it. */
export class GoneError extends Error {
  constructor(id: string) {
    super(`there is no ${id}`);
    this.name = 'InvalidResource.NotFound';
  }
}

/** @throws GoneError for undefined */
export function there<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new GoneError(id);
  return value;
}

/** A document that a service gives as text. */
export const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

/** `order-queue-dev` of `https://…/order-queue-dev`, of an ARN by `:`. */
export const lastPart = (text: string, separator: string): string => text.split(separator).at(-1) ?? text;
