/**
 * Which version a file asks for, and whether the machine's is one. Pure.
 *
 * Source: README.md and docs/advanced-usage.md of actions/setup-node v7.0.0.
 */
import { z } from 'zod';

const manifest = z.object({
  volta: z.object({ node: z.string().optional() }).optional(),
  devEngines: z.object({ runtime: z.unknown() }).partial().optional(),
  engines: z.object({ node: z.string().optional() }).optional(),
});
const runtimes = z.array(z.object({ name: z.string(), version: z.string().optional() }));

/**
 * @param text of .nvmrc, .node-version, .tool-versions or package.json
 * @returns undefined for a package.json that asks for none
 */
export function versionAsked(text: string): string | undefined {
  const json = parsed(text);
  if (json !== undefined) return json.volta?.node ?? ofRuntime(json.devEngines?.runtime) ?? json.engines?.node;
  return /^(?:node(?:js)?\s+)?v?(\S+)$/m.exec(text)?.[1] ?? text.trim();
}

function parsed(text: string): z.infer<typeof manifest> | undefined {
  try {
    return manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function ofRuntime(runtime: unknown): string | undefined {
  const read = runtimes.safeParse([runtime].flat());
  return read.data?.find(({ name, version }) => name.toLowerCase() === 'node' && version)?.version;
}

/**
 * @param asked `24`, `24.1`, `v24.1.0`, `24.x`; a range or an alias can't be told here
 * @param version of the machine: `v20.20.2`
 */
export function compareVersions(asked: string, version: string): 'same' | 'different' | 'unknown' {
  const parts = /^v?(\d+)(?:\.(\d+|x))?(?:\.(\d+|x))?$/i.exec(asked)?.slice(1);
  if (parts === undefined) return 'unknown';
  const actual = version.replace(/^v/, '').split('.');
  const fits = parts.every((part, index) => part === undefined || part === 'x' || part === actual[index]);
  return fits ? 'same' : 'different';
}
