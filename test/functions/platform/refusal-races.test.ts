import { beforeEach, expect, test } from 'vitest';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { faultyApiUnderTest } from '../../support/api-under-test.ts';
import { heldDuring, isTransaction, meeting } from '../../support/faulty-engine.ts';
import type { ApiAnswer, ApiRequest } from '../../support/in-process-api.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

/** Of two that have read the same, the second is refused only what it would be refused after the first. */

const { engine, call } = await faultyApiUnderTest();
let owner: User;
let headers: Record<string, string>;
let organization: Organization;

beforeEach(async () => {
  owner = await somebody();
  headers = { ...(await signedIn(owner)) };
  organization = await anOrganization(owner);
});

async function race(requests: readonly Omit<ApiRequest, 'headers'>[]): Promise<number[]> {
  engine.decide = meeting('TransactWriteItems', requests.length, 'in turn');
  const answers = await Promise.all(requests.map((request) => call({ headers, ...request })));
  engine.decide = () => undefined;
  return answers.map(({ status }) => status);
}

const path = () => `/api/organizations/${toUuid('organization', organization.id)}`;

test('the same owner is demoted twice, and neither is the last', async () => {
  const other = await somebody();
  await aMember(organization, other, ['OWNER']);
  const demote = (roles: number[]) => ({
    method: 'PUT',
    path: `${path()}/members/${toUuid('user', other.id)}`,
    body: { roles, workspaces: [] },
  });
  expect(await race([demote([2]), demote([3])])).toEqual([200, 200]);
});

test('what is made inactive and made active at once is the one after the other', async () => {
  const setStatus = (status: string) => ({ method: 'PATCH', path: path(), body: { status, statusReason: 'Why' } });
  expect(await race([setStatus('inactive'), setStatus('active')])).toEqual([200, 200]);
});

test('an account that is deleted while a body names it is unknown there, as ever after', async () => {
  const rename = { method: 'PUT', path: '/organizations', body: { id: organization.id, organization_name: 'Late' } };
  let removed: ApiAnswer | undefined;
  engine.decide = heldDuring(isTransaction, async () => {
    removed = await call({ headers, method: 'DELETE', path: `/organizations/${organization.id}` });
  });
  expect((await call({ headers, ...rename })).status).toBe(400);
  expect(removed?.status).toBe(204);
  expect((await call({ headers, ...rename })).status).toBe(400);
});
