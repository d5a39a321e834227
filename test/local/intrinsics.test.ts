import { expect, test } from 'vitest';
import { noValue, resolveIntrinsics, type TemplateScope } from '../../infra/local/intrinsics.ts';

const scope: TemplateScope = {
  stackName: 'Sample',
  reference: (name) => (name === 'AWS::NoValue' ? noValue : `ref:${name}`),
  attribute: (logicalId, attribute) => `att:${logicalId}.${attribute}`,
  importedValue: (name) => `import:${name}`,
  condition: (name) => name === 'Yes',
  mapping: (name) => (name === 'Sizes' ? { small: { memory: '128' } } : undefined),
};
const resolve = (value: unknown) => resolveIntrinsics(value, scope);

test('references, attributes and imports are looked up', () => {
  expect(resolve({ Ref: 'Table' })).toBe('ref:Table');
  expect(resolve({ 'Fn::GetAtt': ['Table', 'Arn'] })).toBe('att:Table.Arn');
  expect(resolve({ 'Fn::GetAtt': 'Nested.Outputs.Arn' })).toBe('att:Nested.Outputs.Arn');
  expect(resolve({ 'Fn::ImportValue': { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] } })).toBe('import:a-ref:B');
});

test('texts are joined, split, chosen from and filled in', () => {
  expect(resolve({ 'Fn::Join': ['/', ['a', { Ref: 'B' }]] })).toBe('a/ref:B');
  expect(resolve({ 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] })).toBe('b');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's own notation
  expect(resolve({ 'Fn::Sub': '${A}/${B.Arn}/${!Kept}' })).toBe('ref:A/att:B.Arn/${Kept}');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's own notation
  expect(resolve({ 'Fn::Sub': ['${mine} ${A}', { mine: { Ref: 'B' } }] })).toBe('ref:B ref:A');
  expect(resolve({ 'Fn::Base64': 'text' })).toBe('dGV4dA==');
  expect(resolve({ 'Fn::FindInMap': ['Sizes', 'small', 'memory'] })).toBe('128');
});

test('conditions choose, and what has no value is not there', () => {
  expect(resolve({ 'Fn::If': ['Yes', 1, { 'Fn::Nonsense': 1 }] })).toBe(1);
  expect(resolve({ a: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, b: [{ Ref: 'AWS::NoValue' }, 2] })).toEqual({
    b: [2],
  });
  expect(resolve({ 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ Condition: 'No' }] }] })).toBe(true);
  expect(resolve({ 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': ['a', { 'Fn::Join': ['', ['a']] }] }] })).toBe(true);
});

test('what only looks like an intrinsic function stays as it is', () => {
  const statement = { Condition: { StringEquals: { a: 'b' } } };
  expect(resolve(statement)).toEqual(statement);
  expect(resolve({ Ref: 'A', other: 1 })).toEqual({ Ref: 'A', other: 1 });
});

test('an unknown intrinsic function is an error that names it and its stack', () => {
  expect(() => resolve({ deep: [{ 'Fn::Transform': {} }] })).toThrow(/template of Sample.*Fn::Transform/);
});
