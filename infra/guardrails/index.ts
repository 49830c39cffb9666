/**
 * The rules that fail a synth: cdk-nag's AWS Solutions pack and this house's own. A finding is mended, or acknowledged
 * where it arises with the reason: `Validations.of(construct).acknowledge({ id, reason })`.
 */
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type IApplyRule } from 'cdk-nag';
import { HouseRules } from './house-rules-plugin.ts';

/** Adds the guardrails to an App; they run when it is synthesized. */
export function addGuardrails(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutions(app), new HouseRules());
}

/**
 * AWS Solutions but for IAM5, wildcards in policies: it names a finding by the rendered ARN, another one in each
 * environment, and sees typed resources alone. The house rules ask the same by statement and read the template.
 */
class AwsSolutions extends AwsSolutionsChecks {
  protected override applyRule(rule: IApplyRule): void {
    if (rule.ruleSuffixOverride !== 'IAM5') super.applyRule(rule);
  }
}
