/** Reads the template a stack was deployed with, as it was handed in, and tells whether a released one is the same. */
import { isDeepStrictEqual } from 'node:util';
import { type CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { EXIT, GitOpsError } from '../../core/errors.ts';
import type { Template } from '../../core/plan/facts.ts';
import { parseTemplate } from '../cloudformation/parse-template.ts';

/** Thrown when a stack's template can't be read, though CloudFormation took it: the plan would be a guess. */
export class TemplateUnreadableError extends GitOpsError {
  constructor(stack: string, cause: unknown) {
    super(
      `The template of ${stack} is neither JSON nor YAML that can be read (${cause instanceof Error ? cause.message.split('\n')[0] : cause}), ` +
        `so it was not deployed from here. See it with: aws cloudformation get-template --stack-name ${stack}`,
      {
        code: 'TEMPLATE_UNREADABLE',
        source: 'user',
        exitCode: EXIT.failed,
        cause,
      },
    );
  }
}

/** @throws TemplateUnreadableError */
export async function readDeployedTemplate(
  client: CloudFormationClient,
  stack: string,
  signal?: AbortSignal,
): Promise<Template> {
  const command = new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' });
  const { TemplateBody = '{}' } = await client.send(command, { abortSignal: signal });
  try {
    return parseTemplate(TemplateBody);
  } catch (error) {
    throw new TemplateUnreadableError(stack, error);
  }
}

/** CloudFormation gives every character beyond ASCII back as a question mark. */
const BEYOND_ASCII = /[\u{80}-\u{10ffff}]/gu;

/**
 * The released template as CloudFormation would give it back: with the deployed one it is compared like for like.
 * Where the deployed one has such characters, it was given back whole, and nothing is to be done.
 */
export function asGivenBack(released: Template, deployed: Template): Template {
  const text = JSON.stringify(released);
  const mangled = text.replace(BEYOND_ASCII, '?');
  if (mangled === text || JSON.stringify(deployed).search(BEYOND_ASCII) !== -1) return released;
  return JSON.parse(mangled) as Template;
}

export const isSameTemplate = (a: Template, b: Template): boolean => isDeepStrictEqual(a, b);
