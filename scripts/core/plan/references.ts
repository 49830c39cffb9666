/**
 * Names of resources and values of properties as people read them: construct paths for logical ids, text for
 * CloudFormation's intrinsic functions. Pure.
 *
 * A reference is written by construct path, so that one whose logical id alone moved (a function's version, an API's
 * deployment: CDK puts a hash of the content into their ids) reads the same before and after, and is no change.
 */
import type { Template, TemplateResource } from './facts.ts';
import type { Json } from './plan.ts';

const PATH_METADATA = 'aws:cdk:path';

/** `OrderIntake/Function`: without the stack it is in, and without the `Resource` that CDK ends every path with. */
export function constructPath(stackName: string, logicalId: string, resource: TemplateResource | undefined): string {
  const path = resource?.Metadata?.[PATH_METADATA];
  if (typeof path !== 'string' || path === '') return logicalId;
  const inStack = path.startsWith(`${stackName}/`) ? path.slice(stackName.length + 1) : path;
  return inStack.replace(/\/(Resource|Default)$/, '') || logicalId;
}

/** Writes the values of one template as people read them. */
export class Reader {
  readonly #stackName: string;
  readonly #template: Template;

  constructor(stackName: string, template: Template) {
    this.#stackName = stackName;
    this.#template = template;
  }

  path(logicalId: string): string {
    return constructPath(this.#stackName, logicalId, this.#template.Resources?.[logicalId]);
  }

  /** The value with every intrinsic function as text. Everything else as it is. */
  read(value: Json): Json {
    if (Array.isArray(value)) return value.map((item: Json) => this.read(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      return this.#call(only[0], only[1] as Json);
    }
    return Object.fromEntries(entries.map(([key, inner]) => [key, this.read(inner as Json)]));
  }

  /** `${Id}` and `${Id.Attribute}` inside a text, as `Fn::Sub` and CDK's own diff write them. */
  readText(text: string): string {
    const call = /^\{"(Ref|Fn::[A-Za-z]+)":/.test(text) ? parse(text) : undefined;
    if (call !== undefined) return asText(this.read(call));
    return text.replace(/\$\{([A-Za-z0-9:]+)((?:\.[A-Za-z0-9.]+)?)\}/g, (_, id: string, rest: string) => {
      return this.#reference(id, rest);
    });
  }

  #call(name: string, argument: Json): Json {
    const read = this.read(argument);
    if (name === 'Ref' && typeof argument === 'string') return this.#reference(argument);
    if (name === 'Fn::GetAtt') {
      const [id, ...attribute] = typeof argument === 'string' ? argument.split('.') : (argument as readonly Json[]);
      return this.#reference(String(id), `.${attribute.map(asText).join('.')}`);
    }
    if (name === 'Fn::Join' && Array.isArray(read) && typeof read[0] === 'string' && Array.isArray(read[1])) {
      return read[1].map(asText).join(read[0]);
    }
    if (name === 'Fn::Sub' && typeof argument === 'string') return this.readText(argument);
    const parts = Array.isArray(read) ? read : [read];
    return `${name.replace(/^Fn::/, '')}(${parts.map((part: Json) => asText(part)).join(', ')})`;
  }

  #reference(id: string, rest = ''): string {
    const parameter = this.#template.Parameters?.[id];
    const readsSsm = parameter?.Type.startsWith('AWS::SSM::Parameter::Value') && parameter.Default !== undefined;
    const name = readsSsm ? parameter?.Default : this.path(id);
    return `\${${name}${rest}}`;
  }
}

/** CDK's diff writes functions it does not know as JSON; anybody may write a text that only looks so. */
function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
