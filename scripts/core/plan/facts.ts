/**
 * What a plan is made of: templates as released and as deployed, and what CloudFormation said. Pure data.
 */
import type { DescribeChangeSetOutput } from '@aws-cdk/cloudformation-diff';
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { Json } from './plan.ts';

export type Stage = EnvironmentConfig['stage'];

/** A template as far as plans look into it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly [section: string]: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Json>>;
  readonly Metadata?: Readonly<Record<string, Json>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string;
  readonly Description?: string;
  readonly NoEcho?: boolean | string;
}

/** CloudFormation's own reckoning, all pages in one. */
export type ChangeSet = DescribeChangeSetOutput;

export interface DeployedStack {
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ReleasedStack {
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
}

/** One stack, as it was found and as the release has it. */
export interface StackFacts {
  readonly name: string;
  /** Absent: the release does not have it. */
  readonly released?: ReleasedStack;
  /** Absent: not deployed, or to be made anew. */
  readonly deployed?: DeployedStack;
  readonly changeSet?: ChangeSet;
  /** Why there is no change set although the stack differs, or what else is to be known of it. */
  readonly note?: string;
  /** Values of SSM parameters the stack reads that are others now than when it was deployed, by template parameter. */
  readonly movedParameters?: Readonly<Record<string, { readonly old: string; readonly new: string }>>;
  /** Keys of deployed assets that are no longer in the account's asset bucket. */
  readonly expiredAssets?: readonly string[];
}

export interface EnvironmentFacts {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly stage: Stage;
  readonly release: { readonly id: string; readonly digest: string; readonly commit: string; readonly dirty: boolean };
  /** In any order. */
  readonly stacks: readonly StackFacts[];
}
