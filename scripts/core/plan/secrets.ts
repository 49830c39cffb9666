/**
 * Masks what looks like a secret before it gets into a plan: a plan is shown in comments, logs and artifacts. Pure.
 */
import type { Json } from './plan.ts';

export const MASK = '(masked)';

/** Words of a key that say its value is a secret, looked for in `dbPassword`, `DB_PASSWORD`, `db-password` alike. */
const SECRET_WORDS =
  /(^| )(secret|password|passwd|pwd|passphrase|token|credentials?|signature|api key|access key|private key|auth key|signing key|client key|license key|connection string|bearer)( |$)/;

/** Keys that name, measure or point at a secret instead of holding it: `SecretArn`, `TokenValidity`, `PasswordPolicy`. */
const ABOUT_A_SECRET =
  / (arn|id|ids|name|names|path|type|types|policy|validity|lifetime|length|ttl|seconds|minutes|hours|days|enabled|required|version|rotation|source|endpoint|url)$/;

/** A reference is resolved where it is used and shows nothing. */
const REFERENCE = /^(arn:|\$\{[^}]*\}$|\{\{resolve:[^}]*\}\}$)/;

/** Secrets known by their form, wherever they stand. Each from its issuer's documentation of prefixes. */
const SECRET_FORMS: readonly RegExp[] = [
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,255}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}\b/g,
  /\bsk_(live|test)_[A-Za-z0-9]{10,250}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  // user:password@ in a URL
  /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,100}:)[^\s/@]{1,200}(?=@)/g,
];

/** `dbPassword[0].APIKey` → ` db password 0 api key` */
const wordsOf = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();

/** Whether what stands under this key is a secret. */
export function isSecretKey(key: string): boolean {
  const words = wordsOf(key);
  return SECRET_WORDS.test(words) && !ABOUT_A_SECRET.test(` ${words}`);
}

/** Any text, with secrets of known forms masked. */
export const maskText = (text: string): string =>
  SECRET_FORMS.reduce((masked, form) => masked.replace(form, MASK), text);

/**
 * A value at a path of a property or setting, masked. Only strings can be secrets: numbers and switches stay.
 * @param path its last key decides: `Environment.Variables.DB_PASSWORD`
 */
export function maskValue(path: string, value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return value;
  if (typeof value === 'string') {
    return isSecretKey(lastKey(path)) && value !== '' && !REFERENCE.test(value) ? MASK : maskText(value);
  }
  if (Array.isArray(value)) return value.map((item: Json) => maskValue(path, item) ?? null);
  if (typeof value === 'object') {
    // {Name: 'DB_PASSWORD', Value: 'x'}: the key is itself a value, as in lists of tags and of variables.
    const named = ['Key', 'Name', 'ParameterKey'].map((key) => nameIn(value, key)).find((name) => name !== undefined);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const under = /^(Parameter)?Value$/.test(key) && named !== undefined ? named : key;
        return [maskText(key), maskValue(`${path}.${under}`, inner) ?? null];
      }),
    );
  }
  return value;
}

function nameIn(value: object, key: string): string | undefined {
  const name: unknown = (value as Readonly<Record<string, unknown>>)[key];
  return typeof name === 'string' ? name : undefined;
}

/** Of `A.B[owner]` the key `owner`; of `A.B[3]` the key `B`. */
function lastKey(path: string): string {
  const bare = path.replace(/\[\d+\]/g, '');
  return /\[([^\]]+)\]$/.exec(bare)?.[1] ?? bare.slice(bare.lastIndexOf('.') + 1);
}
