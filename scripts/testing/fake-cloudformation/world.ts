/**
 * What the fake remembers: stacks, their resources, change sets and events, and drift detections. Time in it is a
 * counter, so that two runs of a test see the same dates and ids.
 */
import type {
  Change,
  ChangeSetStatus,
  ChangeSetType,
  ExecutionStatus,
  OnStackFailure,
  Output,
  Parameter,
  PropertyDifference,
  ResourceStatus,
  StackDriftDetectionStatus,
  StackDriftStatus,
  StackEvent,
  StackResourceDriftStatus,
  StackStatus,
  Tag,
} from '@aws-sdk/client-cloudformation';
import type { OperationName } from './operations.ts';

/** A template as the fake understands it: JSON, of which it reads the resources. */
export interface FakeTemplate {
  readonly Resources?: Readonly<Record<string, FakeTemplateResource>>;
  readonly [section: string]: unknown;
}
export interface FakeTemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What drift detection finds of a resource. Without one, a checked resource is in sync. */
export interface FakeDrift {
  readonly status: StackResourceDriftStatus;
  readonly differences?: readonly PropertyDifference[];
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly reason?: string;
}

export interface FakeResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  status: ResourceStatus;
  reason?: string;
  drift?: FakeDrift;
  /** What the last detection found; NOT_CHECKED before one. */
  found: StackResourceDriftStatus;
}

export interface FakeChangeSet {
  readonly name: string;
  readonly id: string;
  readonly type: ChangeSetType;
  readonly body: string;
  readonly template: FakeTemplate;
  readonly parameters: Parameter[];
  readonly tags: Tag[];
  readonly onStackFailure?: OnStackFailure;
  readonly description?: string;
  readonly creationTime: Date;
  status: ChangeSetStatus;
  executionStatus: ExecutionStatus;
  reason?: string;
  changes: Change[];
  /** DescribeChangeSet answers until it is made; `until-told` for ever. */
  pollsLeft: Polls;
}

/** How long a status lasts, counted in answers that show it. */
export type Polls = number | 'until-told';

/** How an operation goes when it is started next. */
export interface Outcome {
  /** The status it ends in; the good one when left out. */
  readonly ends?: StackStatus;
  /** How long each status on the way lasts; 1 when left out. */
  readonly polls?: Polls;
  /** The resource at which it fails. */
  readonly failing?: { readonly logicalId: string; readonly type?: string; readonly reason: string };
}

export interface Step {
  readonly status: StackStatus;
  readonly reason?: string;
  readonly polls: Polls;
}

export interface FakeStack {
  readonly name: string;
  readonly id: string;
  status: StackStatus;
  reason?: string;
  body: string;
  template: FakeTemplate;
  parameters: Parameter[];
  tags: Tag[];
  outputs: Output[];
  terminationProtection: boolean;
  /** What a rollback goes back to. */
  before?: {
    readonly body: string;
    readonly template: FakeTemplate;
    readonly parameters: Parameter[];
    readonly tags: Tag[];
  };
  readonly creationTime: Date;
  lastUpdatedTime?: Date;
  deletionTime?: Date;
  resources: FakeResource[];
  changeSets: FakeChangeSet[];
  /** Newest first, as the service gives them. */
  events: StackEvent[];
  /** Statuses still to come, the present one not among them. */
  path: Step[];
  pollsLeft: Polls;
  /** Outcomes waiting for the next operations of each kind, in order. */
  readonly script: Map<OperationName, Outcome[]>;
  /** ClientRequestToken → operation it was used for. */
  readonly tokens: Map<string, OperationName>;
  driftStatus: StackDriftStatus;
  /** How the next detections go. */
  readonly detections: FakeDetection[];
}

/** A scripted drift detection. */
export interface FakeDetection {
  readonly polls?: Polls;
  readonly status?: StackDriftDetectionStatus;
  readonly reason?: string;
  /** Logical ids that this detection can't check: throttled, or without read permission. */
  readonly unchecked?: readonly string[];
}

export interface RunningDetection {
  readonly id: string;
  readonly stack: FakeStack;
  readonly script: FakeDetection;
  readonly startedAt: Date;
  readonly only?: readonly string[];
  pollsLeft: Polls;
  done: boolean;
}

export class World {
  readonly account: string;
  readonly region: string;
  /** Items in one page of every paged answer. */
  readonly pageSize: number;
  /** All stacks there ever were, the deleted ones too. */
  readonly stacks: FakeStack[] = [];
  readonly detections = new Map<string, RunningDetection>();
  private ticks = 0;

  constructor(settings: { readonly account: string; readonly region: string; readonly pageSize: number }) {
    this.account = settings.account;
    this.region = settings.region;
    this.pageSize = settings.pageSize;
  }

  /** The next moment; each one is a second after the one before. */
  now(): Date {
    this.ticks += 1;
    return new Date(Date.UTC(2026, 0, 1) + this.ticks * 1000);
  }

  /** A new id in the form of a UUID. */
  newId(): string {
    this.ticks += 1;
    return `00000000-0000-4000-8000-${this.ticks.toString(16).padStart(12, '0')}`;
  }

  arn(kind: 'stack' | 'changeSet', name: string): string {
    return `arn:aws:cloudformation:${this.region}:${this.account}:${kind}/${name}/${this.newId()}`;
  }

  /** By name only what is not deleted; by id also what is. */
  find(nameOrId: string): FakeStack | undefined {
    return this.stacks.find(
      ({ id, name, status }) => id === nameOrId || (name === nameOrId && status !== 'DELETE_COMPLETE'),
    );
  }
}
