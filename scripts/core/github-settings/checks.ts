/** A repository compared with what it shall be, as checks: the same as its set-up finds, to be looked at at any time. Pure. */
import type { Check } from '../check.ts';
import type { Compared } from './changes.ts';
import { showFacet } from './differences.ts';

/** @param repository `OWNER/NAME` */
export function settingChecks(compared: readonly Compared[], repository: string): readonly Check[] {
  const remedy = `npm run github:setup -- --repo ${repository}`;
  return compared.map((each) => checkOf(each, remedy));
}

function checkOf({ subject, wanted, found, differences, untold }: Compared, remedy: string): Check {
  const base = { id: `github.${kindOf(subject)}`, subject };
  const absent = found === undefined && differences.length > 0;
  if (differences.length > 0) {
    const names = differences.map(({ setting }) => setting);
    return {
      ...base,
      status: 'fail',
      expected: Object.fromEntries(differences.map(({ setting, wanted: value }) => [setting, showFacet(value)])),
      actual: absent ? 'absent' : Object.fromEntries(differences.map((each) => [each.setting, showFacet(each.found)])),
      detail: absent ? `Make it: ${remedy}` : `${names.join(', ')}: ${remedy}`,
    };
  }
  if (untold.length > 0) {
    const [first] = untold;
    const reason = first?.setting === undefined ? first?.reason : untold.map(each).join('; ');
    return { ...base, status: 'unknown', expected: wanted, actual: null, detail: reason ?? '' };
  }
  return { ...base, status: 'pass', expected: wanted, actual: found, detail: '' };
}

const each = ({ setting, reason }: Compared['untold'][number]): string => `${setting}: ${reason}`;

/** `environment prod` → `environment`, `OIDC subject` → `oidc-subject`. */
function kindOf(subject: string): string {
  const kind = /^(environment|variable|ruleset) /.exec(subject)?.[1] ?? subject;
  return kind.toLowerCase().replaceAll(' ', '-');
}

/**
 * Which token may look at all of it; the token of a job can't be given `administration`.
 * Source: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
 */
export const READING_TOKEN =
  'a fine-grained token, or one of a GitHub App, with administration, actions, contents and variables: read, and for teams ' +
  'members: read of the organization';

/** For a repository somebody asked for by name, and gave no token for: which one, and where it goes. */
export const withoutToken = (repository: string): Check => ({
  id: 'github.token',
  subject: repository,
  status: 'fail',
  expected: 'GITHUB_TOKEN',
  actual: 'not set',
  detail: `Set GITHUB_TOKEN to ${READING_TOKEN}. Then: npm run doctor -- --repo ${repository}`,
});

/** For a repository nobody may look at. */
export const unseen = (subject: string, reason: string): Check => ({
  id: 'github.settings',
  subject,
  status: 'unknown',
  expected: 'as npm run github:setup makes them',
  actual: null,
  detail: reason,
});
