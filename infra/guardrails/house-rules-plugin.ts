/** Runs the house rules as a validation plugin of CDK. */
import { readFileSync } from 'node:fs';
import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { findBreaches, type Template } from './house-rules.ts';

/** Its name, with a dash, is the prefix of acknowledgements: `House-rules::wildcard-resource[ReadStacks]`. */
export class HouseRules implements IPolicyValidationPlugin {
  readonly name = 'House rules';

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = stackTemplates.flatMap(({ templatePath }) =>
      findBreaches(JSON.parse(readFileSync(templatePath, 'utf8')) as Template).map((finding) => ({
        ruleName: finding.rule,
        description: finding.description,
        severity: 'error',
        violatingResources: [{ resourceLogicalId: finding.logicalId, templatePath, locations: [] }],
      })),
    );
    return { success: violations.length === 0, violations };
  }
}
