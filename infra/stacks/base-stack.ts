/**
 * What all stacks share: compliance tags, zones given instead of looked up, and values that travel between stacks
 * through SSM parameters. Not exports: an exported value can't change while another stack imports it.
 */
import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../environments/environment-config.ts';
import { type ParameterName, PROJECT, parameterName, TAG_KEYS } from '../../environments/naming.ts';

export interface BaseStackProps extends StackProps {
  /** The environment the stack belongs to, or answers to. */
  readonly environment: EnvironmentConfig;
  /** `owner/name` of the repository that describes the stack. */
  readonly repository: string;
}

/** Abstract parent of every stack. Its id is its name, so `cdk deploy <name>` takes the name people know. */
export abstract class BaseStack extends Stack {
  protected readonly environmentConfig: EnvironmentConfig;

  constructor(scope: Construct, id: string, props: BaseStackProps) {
    const { environment, repository, ...stackProps } = props;
    const tags = props.tags ?? complianceTags(environment, repository);
    // Tags on the stack reach what CloudFormation tags by itself; tags on each resource are what templates, diffs
    // and drift can see.
    super(scope, id, { env: { account: environment.account, region: environment.region }, ...stackProps, tags });
    this.environmentConfig = environment;
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
  }

  /** From the configuration: a look-up would need credentials at synth and could answer differently tomorrow. */
  override get availabilityZones(): string[] {
    return [...this.environmentConfig.network.availabilityZones];
  }

  /** Publishes a value of this stack as `/trading-platform/{environment}/{name}`. */
  protected publish(name: ParameterName, value: string, description: string): void {
    new StringParameter(this, `Parameter-${name}`, {
      parameterName: parameterName(this.environmentConfig.name, name),
      stringValue: value,
      description,
      tier: ParameterTier.STANDARD,
    });
  }

  /** A value another stack published, resolved when this stack is deployed. Orders nothing: add the dependency. */
  protected read(name: ParameterName): string {
    return StringParameter.valueForStringParameter(this, parameterName(this.environmentConfig.name, name));
  }
}

/** The tags of everything in an environment. The commit is not among them: it would change every stack on every merge. */
export function complianceTags(environment: EnvironmentConfig, repository: string): Record<string, string> {
  return {
    [TAG_KEYS.project]: PROJECT,
    [TAG_KEYS.environment]: environment.name,
    [TAG_KEYS.owner]: environment.tags.owner,
    [TAG_KEYS.costCentre]: environment.tags.costCentre,
    [TAG_KEYS.dataClassification]: environment.tags.dataClassification,
    [TAG_KEYS.repository]: repository,
  };
}
