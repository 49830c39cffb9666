/** What is still as the template of this repository has it, and has to be somebody's own. Pure. */
import type { EnvironmentConfig } from '../../../environments/environment-config.ts';
import type { Check } from '../check.ts';
import { assess } from '../validation/assess.ts';
import { none } from '../validation/matchers.ts';
import { observed } from '../validation/observation.ts';

/** The organization, the domain and the accounts that documents use and nobody owns. */
const ORGANIZATION = /@?example-org\/[\w.-]+/g;
const DOMAIN = /@example\.(?:com|org|net)$/;
const ACCOUNTS = ['123456789012', '234567890123', '345678901234'];

export interface PlaceholderFacts {
  /** Files that name the organization, by the name people know them by. */
  readonly files: Readonly<Record<string, string>>;
  readonly environments: readonly EnvironmentConfig[];
}

export function findPlaceholders({ files, environments }: PlaceholderFacts): readonly Check[] {
  return [
    ...Object.entries(files).flatMap(([name, text]) =>
      placeholder(name, [...new Set(text.match(ORGANIZATION))], `Put your own into ${name}.`),
    ),
    ...environments.flatMap(({ name, account, monitoring }) => {
      const file = `environments/${name}.json`;
      const emails = monitoring.notificationEmails.filter((email) => DOMAIN.test(email));
      return [
        ...placeholder(
          `${file}: account`,
          ACCOUNTS.includes(account) ? [account] : [],
          `Put the account's id into ${file}.`,
        ),
        ...placeholder(
          `${file}: monitoring.notificationEmails`,
          emails,
          `Nobody hears of an alarm there: put people's addresses into ${file}, or none.`,
        ),
      ];
    }),
  ];
}

const placeholder = (name: string, found: readonly string[], remedy: string): Check[] =>
  assess({ name }, observed(found), [
    { id: 'configuration.placeholder', expected: none('placeholder'), actual: (value) => value, remedy },
  ]);
