import type * as z from 'zod/mini';
import type { DomainErrorCode, FieldError } from '../domain/errors.ts';

type Issue = z.core.$ZodRawIssue;

/**
 * What is wrong with a value, in a sentence for a person. Our own rather than a locale of zod's: it is a twentieth of
 * the size, and the sentences are part of the contract.
 */
export function sentenceFor(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeSentence(issue.input, [issue.expected]);
    case 'invalid_union':
      return typeSentence(
        issue.input,
        issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [first.expected] : [])),
      );
    case 'too_small':
      return boundSentence(issue.origin, 'at least', Number(issue.minimum));
    case 'too_big':
      return boundSentence(issue.origin, 'at most', Number(issue.maximum));
    case 'invalid_value':
      if (issue.input === undefined) return requiredSentence;
      return `Must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}.`;
    case 'invalid_format':
      return `Not a valid ${formatNames[issue.format] ?? 'value'}.`;
    case 'not_multiple_of':
      return `Must be a multiple of ${issue.divisor}.`;
    default:
      return issue.message ?? 'Not a valid value.';
  }
}

const requiredSentence = 'This field is required.';

const formatNames: Readonly<Record<string, string>> = { email: 'email address', url: 'URL', datetime: 'ISO 8601 time' };

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
};

const nounFor = (expected: string) => nouns[expected] ?? `a ${expected}`;

function typeSentence(input: unknown, expected: readonly string[]): string {
  if (input === undefined) return requiredSentence;
  if (expected.length === 0) return 'Not a valid value.';
  return `Must be ${expected.map(nounFor).join(' or ')}.`;
}

function boundSentence(origin: string, bound: string, limit: number): string {
  if (origin === 'string') {
    if (bound === 'at least' && limit === 1) return 'Must not be empty.';
    return `Must have ${bound} ${limit} characters.`;
  }
  if (origin === 'array' || origin === 'set')
    return `Must have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}.`;
  return `Must be ${bound} ${limit}.`;
}

/** So many invalid fields are named at most: a body has room for so many unknown ones that no answer could hold them. */
const fieldErrorsMax = 1_000;

/** The invalid fields of a request. An unknown field is named by its own name, a body that is no object as `body`. */
export function fieldErrorsOf(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  const mistyped = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => path.join('.')));
  const errors = issues.flatMap((issue): FieldError[] => {
    const path = issue.path.map(String);
    // A list in place of a text is measured as well, and would be told that it has too few entries.
    if ((issue.code === 'too_small' || issue.code === 'too_big') && mistyped.has(path.join('.'))) return [];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'Unknown field.' }));
    }
    return [{ field: path.join('.') || 'body', message: issue.message }];
  });
  return errors.slice(0, fieldErrorsMax);
}

/** What a path parameter that is no possible id did not find. */
export function notFoundOf(issues: readonly z.core.$ZodIssue[]): DomainErrorCode {
  for (const issue of issues) {
    if (issue.code === 'custom' && typeof issue.params?.notFound === 'string') {
      return issue.params.notFound as DomainErrorCode;
    }
  }
  return 'route_not_found';
}
