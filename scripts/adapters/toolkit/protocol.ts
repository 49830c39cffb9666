/**
 * What the main thread and the toolkit's thread say to each other. Only data: it crosses a thread.
 */

import type { StackResult } from '../../core/deployment/stack-result.ts';

/** While stacks are worked on. */
export type StackEvent =
  | { readonly kind: 'started'; readonly stack: string }
  | { readonly kind: 'progress'; readonly stack: string; readonly completed: number; readonly total?: number }
  | { readonly kind: 'ended'; readonly stack: string; readonly result: StackResult }
  | { readonly kind: 'warning'; readonly text: string };

export interface DeployRequest {
  readonly action: 'deploy';
  /** Folder of a cloud assembly. The toolkit writes caches and locks into it. */
  readonly assembly: string;
  /** Names of stacks whose drift is reverted, also where their template is as deployed. They must exist. */
  readonly revertDrift: readonly string[];
}

export interface BootstrapRequest {
  readonly action: 'bootstrap';
  readonly account: string;
  readonly region: string;
  /** ARNs of the policies CloudFormation works with; empty: those of the earlier bootstrap, or CDK's default. */
  readonly executionPolicies: readonly string[];
}

export type Request = DeployRequest | BootstrapRequest;

/** How the thread is set up; the same for all its requests. */
export interface ThreadSettings {
  readonly region: string;
  /** Milliseconds between looks at a stack. */
  readonly pollMs: number;
  /** Stacks worked on at once. */
  readonly concurrency: number;
}

export interface Envelope<Content> {
  /** Pairs a request with its answers. */
  readonly id: number;
  readonly content: Content;
}

export type Answer =
  | { readonly kind: 'event'; readonly event: StackEvent }
  | { readonly kind: 'done'; readonly results: readonly StackResult[] }
  /** Nothing could be done at all: no credentials, an unreadable assembly. */
  | { readonly kind: 'refused'; readonly name: string; readonly message: string };
