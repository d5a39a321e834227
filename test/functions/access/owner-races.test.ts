import { beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '../../../shared/domain/access/roles.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { toHex24 } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { isUsable, type User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { faultyApiUnderTest } from '../../support/api-under-test.ts';
import { type EngineCall, heldDuring, isTransaction } from '../../support/faulty-engine.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { anInvitation } from '../../support/invitations.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

/**
 * Somebody comes to own an organization in the very moment in which they are locked or deleted: the one has read, and
 * before it writes the other begins and ends. Whichever comes first, every organization keeps an owner who can act.
 */

const { engine, call } = await faultyApiUnderTest();
/** An owner of the organization that manages the other one’s identity. */
let keeper: User;
let person: User;
let home: Organization;
let organization: Organization;
let token: string;
let asKeeper: Record<string, string>;
let asPerson: Record<string, string>;
let keyOfKeeper: Record<string, string>;
let keyOfPerson: Record<string, string>;

beforeEach(async () => {
  keeper = await somebody();
  home = await anOrganization(keeper);
  organization = await anOrganization(keeper);
  person = await somebody({ homeOrganizationId: home.id });
  await aMember(home, person, ['ADMIN']);
  ({ token } = await anInvitation(organization, person.email, ['OWNER']));
  [asKeeper, asPerson] = [{ ...(await signedIn(keeper)) }, { ...(await signedIn(person)) }];
  [keyOfKeeper, keyOfPerson] = [{ ...(await aCredential(home, keeper)) }, { ...(await aCredential(home, person)) }];
});

const setRole = ({ id }: Organization, user: User, role: Role) =>
  call({
    method: 'PUT',
    path: `/organizations/${id}/users`,
    headers: asKeeper,
    body: { is_active: true, role, user_ids: [user.id] },
  });

type Act = () => Promise<ApiAnswer>;

const post = (path: string, headers: Record<string, string>, body: unknown = {}) =>
  call({ method: 'POST', path, headers, body });
const change = (body: unknown) =>
  call({
    method: 'PUT',
    path: `/clients/v1/organization-admin/members/${toHex24('user', person.id)}/update`,
    headers: keyOfKeeper,
    body,
  });

const endings: Record<string, Act> = {
  locked: () => change({ is_locked: true }),
  deleted: () => change({ is_deleted: true }),
};
const makings: Record<string, Act> = {
  'a child': () => post(`/orgs/${home.id}/children`, asPerson, { name: 'New' }),
  'a child with a key': () => post(`/orgs/${home.id}/children`, keyOfPerson, { name: 'New' }),
  'an account': () => post('/organizations', asPerson, { organization_name: 'New' }),
  'an organization': () => post('/api/organizations', asPerson, { name: 'New', countryCode: 'CH' }),
  'an organization with a key': () => post('/api/organizations', keyOfPerson, { name: 'New', countryCode: 'CH' }),
};
const joinings: Record<string, Act> = {
  'accepting to be an owner': () => post(`/api/organizations/invite/${token}/accept`, asPerson),
  'being added as an owner': () =>
    post(`/organizations/${organization.id}/users`, asKeeper, {
      is_active: true,
      role: 'OWNER',
      user_ids: [person.id],
    }),
  'becoming an owner': () => setRole(home, person, 'OWNER'),
};
/** Of the only other owner of an organization. */
const partings: Record<string, Act> = {
  'the other owner leaves': () => post(`/organizations/${organization.id}/leave`, asKeeper),
  'the other owner becomes an admin': () => setRole(organization, keeper, 'ADMIN'),
};

/** The one has read all it wants to and is about to write; the other happens; then the one writes. */
async function during(one: Act, other: Act): Promise<(number | undefined)[]> {
  let inBetween: ApiAnswer | undefined;
  engine.decide = heldDuring(isTransaction, async () => {
    inBetween = await other();
  });
  const { status } = await one();
  engine.decide = () => undefined;
  return [status, inBetween?.status];
}

/** Each organization that one of the two is in counts its owners who can act, and has one. */
async function expectOwners(): Promise<void> {
  const { members, organizations, users } = services().stores;
  const ids = await Promise.all([keeper, person].map(({ id }) => members.organizationIdsOf(id)));
  for (const { id, counters } of await organizations.getMany([...new Set(ids.flat())])) {
    const owners = (await members.owners(tenantWithoutCaller(id))).filter(({ isActive }) => isActive);
    const people = await users.getMany(owners.map(({ userId }) => userId));
    expect(people.filter(isUsable)).toHaveLength(counters.activeOwners);
    expect(counters.activeOwners).toBeGreaterThan(0);
  }
}

describe.each(Object.entries(endings))('somebody who is %s', (_, end) => {
  test.each(Object.entries(makings))('while they make %s stays, as the last owner of it', async (__, make) => {
    expect(await during(end, make)).toEqual([409, 201]);
    await expectOwners();
  });

  test.each(Object.entries(makings))('when they have begun to make %s makes nothing', async (__, make) => {
    expect(await during(make, end)).toEqual([401, 200]);
    await expectOwners();
  });

  test.each(Object.entries(joinings))('while %s counts as no active owner', async (__, join) => {
    expect(await during(end, join)).toEqual([200, 200]);
    await expectOwners();
  });

  test.each(Object.entries(joinings))('when %s has begun counts as no active owner', async (__, join) => {
    expect(await during(join, end)).toEqual([expect.toBeOneOf([200, 401, 404]), 200]);
    await expectOwners();
  });

  test('while their organization is restored stays, as the last owner of it', async () => {
    const { id } = await anOrganization(person);
    const asPlatform = { ...(await signedIn(await somebody({ isPlatformAdministrator: true }))) };
    expect((await call({ method: 'DELETE', path: `/orgs/${id}`, headers: asPerson })).status).toBe(200);
    expect(await during(end, () => post(`/api/admin/organizations/${id}/restore`, asPlatform))).toEqual([409, 200]);
    await expectOwners();
  });

  test.each(Object.entries(partings))('while %s is the last, and stays', async (__, part) => {
    await aMember(organization, person, ['OWNER']);
    expect(await during(end, part)).toEqual([409, expect.toBeOneOf([200, 204])]);
    await expectOwners();
  });

  test.each(Object.entries(partings))('when %s has begun leaves the other as the last', async (__, part) => {
    await aMember(organization, person, ['OWNER']);
    expect(await during(part, end)).toEqual([409, 200]);
    await expectOwners();
  });
});

test('one person makes twenty organizations at once, and owns each', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => makings['an account']?.()));
  expect(made.map((answer) => answer?.status)).toEqual(made.map(() => 201));
  expect(await services().stores.members.organizationIdsOf(person.id)).toHaveLength(1 + made.length);
  await expectOwners();
});

describe('an ADMIN who changes who somebody is', () => {
  const password = 'Taken-Over-1';
  /** The second look at the person's memberships, where they are to be changed. */
  const isSecondLook =
    ({ id }: User) =>
    ({ operation, input }: EngineCall) =>
      operation === 'BatchGetItem' &&
      /"S":"ORG"/.test(JSON.stringify(input)) &&
      JSON.stringify(input).includes(String(id));

  test.each<[string, object, (newcomer: User) => (call: EngineCall) => boolean]>([
    ['a password is written', { password }, () => isTransaction],
    ['an address is written', { email: 'taken-over@example.com' }, () => isTransaction],
    ['a deletion looks at all memberships', { is_deleted: true }, isSecondLook],
  ])('is refused where that one becomes an OWNER while %s', async (_, body, isHeld) => {
    const newcomer = await somebody({ homeOrganizationId: home.id });
    await aMember(home, newcomer, ['VIEWER']);
    let promoted: ApiAnswer | undefined;
    engine.decide = heldDuring(isHeld(newcomer), async () => {
      promoted = await setRole(home, newcomer, 'OWNER');
    });
    const path = `/clients/v1/organization-admin/members/${toHex24('user', newcomer.id)}/update`;
    const answer = await call({ method: 'PUT', path, headers: keyOfPerson, body });
    engine.decide = () => undefined;
    expect([answer.status, promoted?.status]).toEqual([403, 200]);
  });
});
