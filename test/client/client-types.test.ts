import { expect, expectTypeOf, test } from 'vitest';
import type { AnswerOf, BodyOf, Client } from '../../shared/client/client.ts';
import type { ErrorCode } from '../../shared/client/operations.ts';
import { domainErrors } from '../../shared/domain/errors.ts';

/** The compiler reads these calls; nobody makes them. */
const calls = (client: Client) => ({
  nothingToSay: () => client('auth.me.read'),
  withPath: () => client('hierarchy.api_key.list', { path: { org_id: 7 } }),
  withBody: () => client('hierarchy.api_key.create', { path: { org_id: 'org-7' }, body: { name: 'a' } }),
  // @ts-expect-error: the path needs an organization
  withoutPath: () => client('hierarchy.api_key.list'),
  // @ts-expect-error: the parameter has another name
  withWrongPath: () => client('hierarchy.api_key.list', { path: { organization: 7 } }),
  // @ts-expect-error: the body needs a name
  withoutName: () => client('hierarchy.api_key.create', { path: { org_id: 7 }, body: {} }),
  withUnknown: () =>
    // @ts-expect-error: there is no such permission
    client('hierarchy.api_key.create', { path: { org_id: 7 }, body: { name: 'a', permissions: ['x'] } }),
  withUndefined: () =>
    // @ts-expect-error: what is optional is left out, not undefined
    client('hierarchy.api_key.create', { path: { org_id: 7 }, body: { name: 'a', permissions: undefined } }),
  // @ts-expect-error: there is no such operation
  withoutOperation: () => client('hierarchy.api_key.guess'),
});

test('a call takes what its operation takes, and answers what it answers', () => {
  expectTypeOf(calls).returns.toHaveProperty('withBody');
  expectTypeOf<ReturnType<ReturnType<typeof calls>['nothingToSay']>>().resolves.toHaveProperty('body');
  expectTypeOf<AnswerOf<'accounts.account.list'>[number]['id']>().toEqualTypeOf<number>();
  expectTypeOf<AnswerOf<'auth.session.logout'>>().toEqualTypeOf<undefined>();
  expectTypeOf<AnswerOf<'hierarchy.children_audit.list'>[number]['old_data']>().toEqualTypeOf<Readonly<
    Record<string, unknown>
  > | null>();
  expectTypeOf<BodyOf<'platform.avatar.upload'>>().toEqualTypeOf<{ readonly file: Blob }>();
  expectTypeOf<BodyOf<'auth.me.read'>>().toBeNever();
});

test('the words of refusals are those of the catalogue', () => {
  expectTypeOf<ErrorCode>().toExtend<keyof typeof domainErrors>();
  expect(Object.keys(domainErrors)).toContain('organization_not_found' satisfies ErrorCode);
});
