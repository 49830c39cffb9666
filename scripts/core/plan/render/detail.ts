/** How much of a plan is written, and in which order it gives way when there is too much. Pure data. */

export interface Detail {
  /** Characters of a value. */
  readonly values: number;
  /** Resources that are created, one by one; counted otherwise. */
  readonly created: boolean;
  /** Properties of a resource that are listed. */
  readonly properties: number;
  /** Rows of a table of permissions or network rules; those with dangers always come first. */
  readonly rows: number;
  /** Resources of a stack that are listed. */
  readonly resources: number;
  /** The folded details at all. */
  readonly stacks: boolean;
  /** Lines of configuration in words. */
  readonly configs: number;
  readonly warnings: number;
  /** Rows of the matrix. */
  readonly matrix: number;
  readonly failures: number;
}

const WHOLE: Detail = {
  values: 160,
  created: true,
  properties: 1_000,
  rows: 1_000,
  resources: 100_000,
  stacks: true,
  configs: 1_000,
  warnings: 1_000,
  matrix: 1_000,
  failures: 1_000,
};

export interface Level {
  readonly detail: Detail;
  /** What this level leaves out beyond the one before; empty for nothing. */
  readonly gaveWay: string;
}

const steps: readonly (readonly [gaveWay: string, less: Partial<Detail>])[] = [
  ['', {}],
  ['long values', { values: 48 }],
  ['created resources', { created: false }],
  ['properties', { properties: 8 }],
  ['properties', { properties: 3 }],
  ['permissions and rules without danger', { rows: 20 }],
  ['resources beyond the first of each stack', { resources: 60 }],
  ['resources beyond the first of each stack', { resources: 40 }],
  ['resources beyond the first of each stack', { resources: 30 }],
  ['resources beyond the first of each stack', { resources: 20, rows: 8 }],
  ['resources beyond the first of each stack', { resources: 14, properties: 2 }],
  ['resources beyond the first of each stack', { resources: 10, properties: 1 }],
  ['resources beyond the first of each stack', { resources: 6, rows: 4 }],
  ['details of the stacks', { stacks: false }],
  ['configuration beyond the first lines', { configs: 20 }],
  ['warnings beyond the first', { warnings: 20 }],
  ['stacks beyond the first', { matrix: 60 }],
  ['reasons beyond the first', { failures: 20, warnings: 5, configs: 5, matrix: 20, values: 32 }],
];

/** From everything to least; each level leaves out what those before it do. */
export const LEVELS: readonly Level[] = steps.map(([gaveWay], index) => ({
  gaveWay,
  detail: Object.assign({}, WHOLE, ...steps.slice(0, index + 1).map(([, less]) => less)) as Detail,
}));
