import { ClearError } from './clear-error.ts';

/** What the intrinsic functions of one template can refer to. */
export interface TemplateScope {
  /** Named in errors. */
  readonly stackName: string;
  /** The value of `Ref`: of a parameter, a pseudo parameter or a resource. */
  reference(name: string): unknown;
  /** The value of `Fn::GetAtt`. */
  attribute(logicalId: string, attribute: string): unknown;
  /** The value of `Fn::ImportValue`. */
  importedValue(name: string): unknown;
  /** Whether a named condition holds. */
  condition(name: string): boolean;
  /** A row of the template's `Mappings`. */
  mapping(name: string): unknown;
}

/** Stands for `AWS::NoValue`: a property that has it is as if it were not there. */
export const noValue: unique symbol = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: TemplateScope) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => scope.reference(String(name)),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : list(argument, scope);
    return scope.attribute(String(logicalId), attribute.join('.'));
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, scope);
    return list(parts, scope).map(String).join(String(separator));
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = list(argument, scope);
    return String(text).split(String(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(argument, scope);
    const chosen = list(values, scope)[Number(index)];
    if (chosen === undefined) throw misuse(scope, `Fn::Select has no element ${index}`);
    return chosen;
  },
  'Fn::Sub': (argument, scope) => {
    const [text, names = {}] = typeof argument === 'string' ? [argument] : list(argument, scope);
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      const own = (names as Record<string, unknown>)[name];
      if (own !== undefined) return String(own);
      return String(intrinsic(name.includes('.') ? 'Fn::GetAtt' : 'Ref', name, scope));
    });
  },
  'Fn::ImportValue': (argument, scope) => scope.importedValue(String(resolveIntrinsics(argument, scope))),
  'Fn::If': (argument, scope) => {
    const [name, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return resolveIntrinsics(scope.condition(name) ? whenTrue : whenFalse, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const [name, ...path] = list(argument, scope).map(String);
    let found = scope.mapping(String(name));
    for (const key of path) found = (found as Record<string, unknown> | undefined)?.[key];
    if (found === undefined) throw misuse(scope, `Fn::FindInMap finds nothing at ${name}.${path.join('.')}`);
    return found;
  },
  'Fn::Base64': (argument, scope) => Buffer.from(String(resolveIntrinsics(argument, scope))).toString('base64'),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument, scope);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope) => list(argument, scope).every((value) => value === true),
  'Fn::Or': (argument, scope) => list(argument, scope).some((value) => value === true),
  'Fn::Not': (argument, scope) => list(argument, scope)[0] !== true,
  Condition: (name, scope) => scope.condition(String(name)),
};

/**
 * The value with every intrinsic function in it carried out.
 * @throws ClearError for an intrinsic function that the local stack does not know.
 */
export function resolveIntrinsics(value: unknown, scope: TemplateScope): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => resolveIntrinsics(element, scope)).filter((element) => element !== noValue);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, argument] = only;
    if (name === 'Ref' || name.startsWith('Fn::') || (name === 'Condition' && typeof argument === 'string')) {
      return intrinsic(name, argument, scope);
    }
  }
  return Object.fromEntries(
    entries
      .map(([key, element]) => [key, resolveIntrinsics(element, scope)] as const)
      .filter(([, element]) => element !== noValue),
  );
}

function intrinsic(name: string, argument: unknown, scope: TemplateScope): unknown {
  const carryOut = intrinsics[name];
  if (carryOut === undefined) throw misuse(scope, `the local stack does not know the intrinsic function ${name}`);
  return carryOut(argument, scope);
}

function list(argument: unknown, scope: TemplateScope): unknown[] {
  const resolved = resolveIntrinsics(argument, scope);
  if (!Array.isArray(resolved)) throw misuse(scope, `a list is needed where there is ${JSON.stringify(argument)}`);
  return resolved;
}

function misuse(scope: TemplateScope, message: string): ClearError {
  return new ClearError(`In the template of ${scope.stackName}: ${message}.`);
}
