/**
 * Which folder may import which: the design's table as data, and the pure check over import lines.
 */

export interface ImportLine {
  /** Path of the importing file from the repository root, with forward slashes. */
  readonly from: string;
  /** The specifier resolved to a path from the root, or the package's name: `infra/bundle.ts`, `node:fs`, `zod`. */
  readonly to: string;
}

interface Rule {
  readonly from: RegExp;
  readonly may: readonly RegExp[];
}

const node = /^node:/;
/** Node built-ins without a door to the outside: no file system, no process, no clock. */
const pureNode = /^node:(assert|crypto|path|util|url|buffer)/;
const aws = /^@(aws-sdk|smithy|aws-crypto)\//;
const cdk = /^(aws-cdk-lib|constructs)(\/|$)/;
const data = /^environments\//;
const packages = /^(?!infra\/|lambdas\/|scripts\/|environments\/)/;
/** The workflow files are read as their checks read them. */
const rehearsed = /^scripts\/(rehearsal|testing|core|adapters|operations|repository\/workflows)\//;

/** First match decides. Tests may import more, see `forTests`. Packages of a rule are named one by one. */
const rules: readonly Rule[] = [
  { from: /^environments\//, may: [node, data, /^(zod|ipaddr\.js|fastest-levenshtein|@humanwhocodes\/momoa)$/] },
  { from: /^infra\/[^/]+\.ts$/, may: [node, /^infra\//, data, cdk, /^(esbuild|cdk-nag)$/] },
  { from: /^infra\/stacks\//, may: [/^infra\/(constructs|stacks)\//, data, cdk] },
  { from: /^infra\/constructs\//, may: [/^infra\/constructs\//, cdk] },
  { from: /^infra\/guardrails\//, may: [/^infra\/guardrails\//, cdk, /^cdk-nag$/] },
  { from: /^infra\/testing\//, may: [node, /^infra\//, data, cdk, /^@cloud-copilot\/iam-simulate$/] },
  {
    from: /^lambdas\/shared\//,
    may: [/^lambdas\/shared\//, node, aws, /^@aws-lambda-powertools\//, /^(zod|aws-lambda|@middy\/core)$/],
  },
  // What is tested is what is deployed: the bundle is made by the same code.
  { from: /^lambdas\/testing\//, may: [/^lambdas\//, /^infra\/bundle\.ts$/, node, aws, /^(zod|aws-lambda)$/] },
  {
    from: /^lambdas\/([^/]+)\//,
    may: [/^lambdas\/$1\//, /^lambdas\/shared\//, node, aws, /^@aws-lambda-powertools\//, /^(zod|aws-lambda)$/],
  },
  {
    from: /^scripts\/core\/plan\//,
    may: [
      /^scripts\/core\//,
      data,
      pureNode,
      /^(zod|ipaddr\.js|@aws-cdk\/cloudformation-diff(\/lib\/diff\/util\.js)?)$/,
    ],
  },
  { from: /^scripts\/core\//, may: [/^scripts\/core\//, data, pureNode, /^(zod|luxon|cli-table3)$/] },
  { from: /^scripts\/benchmarks\//, may: [/^scripts\/(benchmarks|operations|adapters|core)\//, data, node] },
  { from: /^scripts\/adapters\//, may: [/^scripts\/(adapters|core)\//, data, /^(?!infra\/|lambdas\/|scripts\/)/] },
  { from: /^scripts\/operations\//, may: [/^scripts\/(operations|adapters|core)\//, data, node] },
  {
    from: /^scripts\/commands\/([^/]+)\//,
    may: [/^scripts\/commands\/$1\//, /^scripts\/(operations|adapters|core)\//, data, node, /^commander$/],
  },
  // Plays the whole story with the stand-ins that tests have. Nothing of the product leans on it.
  { from: /^scripts\/rehearsal\//, may: [rehearsed, data, packages] },
  { from: /^scripts\/testing\//, may: [/^(?!infra\/|lambdas\/|scripts\/rehearsal\/)/] },
  { from: /^scripts\/repository\//, may: [/^(?!infra\/|lambdas\/|scripts\/rehearsal\/)/] },
];

/** What a test may import beyond its folder's rule: any package, the testing folders, and what it holds together. */
const forTests: readonly RegExp[] = [/^(?!infra\/|lambdas\/|scripts\/)/, /^(scripts|infra|lambdas)\/testing\//, data];

const isTest = (file: string): boolean => file.endsWith('.test.ts');
const isTesting = (file: string): boolean => /^[^/]+\/testing\//.test(file);
const isRehearsal = (file: string): boolean => file.startsWith('scripts/rehearsal/');

/** `$1` of a rule stands for the folder its `from` matched: a lambda's own, a verb's own. */
function allows(pattern: RegExp, rule: Rule, line: ImportLine): boolean {
  const own = rule.from.exec(line.from)?.[1];
  const source = own === undefined ? pattern.source : pattern.source.replace('$1', own);
  return new RegExp(source).test(line.to);
}

/** Says what is wrong with an import, or nothing. A file no rule speaks of is wrong too: folders are not made by chance. */
export function judgeImport(line: ImportLine): string | undefined {
  const rule = rules.find(({ from }) => from.test(line.from));
  if (rule === undefined) return `${line.from}: no import rule speaks of this folder`;
  if (isTesting(line.to) && ![isTest, isTesting, isRehearsal].some((may) => may(line.from))) {
    return `${line.from} imports ${line.to}: testing code is for tests and the rehearsal only`;
  }
  const patterns = isTest(line.from) ? [...rule.may, ...forTests] : rule.may;
  return patterns.some((pattern) => allows(pattern, rule, line)) ? undefined : `${line.from} may not import ${line.to}`;
}
