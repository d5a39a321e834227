import { expect, test } from 'vitest';
import { compileFilter } from '../../infra/local/event-filter.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { kind: { S: 'letter' }, empty: { S: '' }, gone: { NULL: true } }, SizeBytes: 12 },
};
const matches = (pattern: object) => compileFilter(pattern)(record);

test('every field has to match, by one of its rules', () => {
  expect(matches({ eventName: ['INSERT', 'MODIFY'] })).toBe(true);
  expect(matches({ eventName: ['REMOVE'] })).toBe(false);
  expect(matches({ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['letter'] } } } })).toBe(true);
  expect(matches({ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['other'] } } } })).toBe(false);
  expect(matches({ $or: [{ eventName: ['REMOVE'] }, { dynamodb: { SizeBytes: [12] } }] })).toBe(true);
});

test.each([
  [{ prefix: 'let' }, true],
  [{ prefix: 'x' }, false],
  [{ suffix: 'ter' }, true],
  [{ 'equals-ignore-case': 'LETTER' }, true],
  [{ 'anything-but': ['letter'] }, false],
  [{ 'anything-but': 'other' }, true],
  [{ 'anything-but': { prefix: 'let' } }, false],
  [{ exists: true }, true],
  [{ exists: false }, false],
])('the rule %j about a text is kept', (rule, expected) => {
  expect(matches({ dynamodb: { NewImage: { kind: { S: [rule] } } } })).toBe(expected);
});

test('numbers are compared', () => {
  expect(matches({ dynamodb: { SizeBytes: [{ numeric: ['>', 10, '<=', 12] }] } })).toBe(true);
  expect(matches({ dynamodb: { SizeBytes: [{ numeric: ['=', 11] }] } })).toBe(false);
});

test('an absent field matches nothing but its absence', () => {
  expect(matches({ dynamodb: { OldImage: { kind: { S: [{ exists: false }] } } } })).toBe(true);
  expect(matches({ dynamodb: { OldImage: { kind: { S: ['letter'] } } } })).toBe(false);
  expect(matches({ dynamodb: { OldImage: { kind: { S: [{ 'anything-but': 'x' }] } } } })).toBe(false);
  expect(matches({ dynamodb: { NewImage: { empty: { S: [''] } } } })).toBe(true);
});

test('an unknown rule is refused, so that no record is passed over by mistake', () => {
  expect(() => compileFilter({ a: [{ wildcard: '*' }] })).toThrow('wildcard');
  expect(() => compileFilter({ a: [{ numeric: ['~', 1] }] })).toThrow('numeric');
});
