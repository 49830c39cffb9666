/**
 * Which actions of others the workflows use, from their files: what an allow-list has to name. One added to a workflow is
 * allowed once set-up has run again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/**
 * @param folder `.github` of the repository
 * @returns `owner/name` of each, sorted, each once
 */
export function readUsedActions(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(workflows\/[^/]+|actions\/.+\/action)\.ya?ml$/.test(name.replaceAll('\\', '/')),
  );
  const used = files.flatMap((name) => usesOf(parse(readFileSync(join(folder, name), 'utf8'))));
  const named = used.flatMap((uses) => /^([\w.-]+\/[\w.-]+)(?:\/[^@]+)?@/.exec(uses)?.[1] ?? []);
  return [...new Set(named)].sort();
}

/** Every `uses:`, of jobs and of steps, at any depth. */
function usesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'uses' && typeof inner === 'string' ? [inner] : usesOf(inner),
  );
}
