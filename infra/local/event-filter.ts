import { ClearError } from './clear-error.ts';

/** Whether an event matches a pattern. */
export type EventFilter = (event: unknown) => boolean;

type Test = (value: unknown, present: boolean) => boolean;

/**
 * Lambda's event filtering: every field of a pattern has to match, by one of its rules.
 * @throws ClearError for a rule that is not known here, so that no record is ever passed over by mistake.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function compileFilter(pattern: object): EventFilter {
  const tests = Object.entries(pattern).map(([field, rules]): EventFilter => {
    if (field === '$or') {
      const alternatives = (rules as object[]).map(compileFilter);
      return (event) => alternatives.some((matches) => matches(event));
    }
    if (Array.isArray(rules)) {
      const anyOf = rules.map(compileRule);
      return (event) => {
        const present = typeof event === 'object' && event !== null && field in event;
        const value = present ? (event as Record<string, unknown>)[field] : undefined;
        return anyOf.some((test) => test(value, present));
      };
    }
    const nested = compileFilter(rules);
    return (event) => nested((event as Record<string, unknown> | undefined)?.[field] ?? {});
  });
  return (event) => tests.every((test) => test(event));
}

function compileRule(rule: unknown): Test {
  if (typeof rule !== 'object' || rule === null) return (value, present) => present && value === rule;
  const [[operator, operand] = [], ...others] = Object.entries(rule);
  if (operator === undefined || others.length > 0) throw unknown(rule);
  const text = String(operand);
  switch (operator) {
    case 'exists':
      return (_, present) => present === operand;
    case 'prefix':
      return typeof operand === 'string' ? onText((value) => value.startsWith(text)) : refuse(rule);
    case 'suffix':
      return typeof operand === 'string' ? onText((value) => value.endsWith(text)) : refuse(rule);
    case 'equals-ignore-case':
      return onText((value) => value.toLowerCase() === text.toLowerCase());
    case 'anything-but': {
      const excluded = (Array.isArray(operand) ? operand : [operand]).map(compileRule);
      return (value, present) => present && !excluded.some((test) => test(value, present));
    }
    case 'numeric':
      return numericRule(operand as (string | number)[]);
    default:
      return refuse(rule);
  }
}

function onText(matches: (value: string) => boolean): Test {
  return (value) => typeof value === 'string' && matches(value);
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** As `['>', 0, '<=', 5]`: all have to hold. */
function numericRule(terms: readonly (string | number)[]): Test {
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < terms.length; index += 2) {
    const compare = comparisons[String(terms[index])];
    const bound = terms[index + 1];
    if (compare === undefined || typeof bound !== 'number') throw unknown({ numeric: terms });
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function refuse(rule: unknown): never {
  throw unknown(rule);
}

function unknown(rule: unknown): ClearError {
  return new ClearError(`The local stack does not know the event filter ${JSON.stringify(rule)}.`);
}
