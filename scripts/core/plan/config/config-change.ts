/** What changed in environments/*.json between two commits, as data. Pure. */
import type { Json } from '../plan.ts';
import { maskValue } from '../secrets.ts';

/** The files of one commit, by environment; as parsed, before overrides. */
export type ConfigFiles = Readonly<Record<string, Json>>;

export interface ConfigChange {
  readonly environment: string;
  /** `api.throttle.requestsPerSecond`; empty for an environment that is new or gone. */
  readonly path: string;
  /** Absent: it was not there. */
  readonly old?: Json;
  readonly new?: Json;
}

/** A change with its words and the properties that carry it. */
export interface ConfigInWords extends ConfigChange {
  /** `API throttle 2000 → 500 requests/s, a quarter` */
  readonly words: string;
  readonly carriedBy: readonly Carrier[];
}

/** A property of a resource whose change is this change of the configuration. */
export interface Carrier {
  readonly stack: string;
  /** The resource's construct path. */
  readonly resource: string;
  readonly property: string;
}

/** Every leaf that differs, by environment and path. Lists are leaves: their order means something. */
export function configChanges(base: ConfigFiles, head: ConfigFiles): ConfigChange[] {
  const environments = [...new Set([...Object.keys(base), ...Object.keys(head)])].sort();
  return environments.flatMap((environment) => {
    const [old, next] = [base[environment], head[environment]];
    const changes = old === undefined || next === undefined ? [leaf('', old, next)] : leaves('', old, next);
    return changes.map((change) => ({ environment, ...masked(change) }));
  });
}

const leaf = (path: string, old: Json | undefined, next: Json | undefined): Leaf => ({
  path,
  ...(old === undefined ? {} : { old }),
  ...(next === undefined ? {} : { new: next }),
});

const masked = ({ path, old, new: next }: Leaf): Leaf => leaf(path, maskValue(path, old), maskValue(path, next));

type Leaf = Omit<ConfigChange, 'environment'>;

function leaves(path: string, old: Json | undefined, next: Json | undefined): Leaf[] {
  if (JSON.stringify(old) === JSON.stringify(next)) return [];
  if (isObject(old) && isObject(next)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort();
    return keys
      .filter((key) => key !== '$schema')
      .flatMap((key) => leaves(path === '' ? key : `${path}.${key}`, old[key], next[key]));
  }
  return [leaf(path, old, next)];
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
