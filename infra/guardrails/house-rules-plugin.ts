/** Runs the house rules as a validation plugin of CDK. */
import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  Stage,
} from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { findBreaches } from './house-rules.ts';

/** Its name, with a dash, is the prefix of acknowledgements: `House-rules::wildcard-resource[ReadStacks]`. */
export class HouseRules implements IPolicyValidationPlugin {
  readonly name = 'House rules';

  validate({ appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    if (!Stage.isStage(appConstruct)) throw new TypeError('The house rules read an assembly: they run in an App.');
    const violations = new CloudAssembly(appConstruct.outdir).stacks.flatMap(({ template, templateFullPath }) =>
      findBreaches(template).map(({ rule, description, logicalId }) => ({
        ruleName: rule,
        description,
        severity: 'error',
        violatingResources: [{ resourceLogicalId: logicalId, templatePath: templateFullPath, locations: [] }],
      })),
    );
    return { success: violations.length === 0, violations };
  }
}
