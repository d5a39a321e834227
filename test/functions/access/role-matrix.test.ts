import { beforeAll, describe, expect, test } from 'vitest';
import { type Permission, permissions } from '../../../shared/domain/access/permissions.ts';
import type { Role } from '../../../shared/domain/access/roles.ts';
import { newIdentifier, toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import type { Endpoint } from '../../../shared/http/define-endpoint.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { changeMembership, changePerson, changeState, endMembership } from '../../support/changed-rights.ts';
import { documentedRoles } from '../../support/documented-roles.ts';
import {
  bytesOf,
  codeOf,
  guardedEndpoints,
  harmlessRequest,
  routeOf,
  tenantEndpoints,
} from '../../support/every-endpoint.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const allowed = documentedRoles;
const roles = Object.keys(allowed) as Role[];

const admin = '/clients/v1/organization-admin';
/** What each endpoint asks for: said here a second time, as it is documented. */
const asked: Readonly<Record<string, Permission | 'member' | 'platform-administrator'>> = {
  [`GET ${admin}/dashboard/collect-metrics`]: 'metrics:read',
  [`PUT ${admin}/users/{user}/limits/update`]: 'members:write',
  [`GET ${admin}/members/list`]: 'members:read',
  [`POST ${admin}/members/create`]: 'members:write',
  [`GET ${admin}/members/{user}/read`]: 'members:read',
  [`GET ${admin}/members/search`]: 'members:read',
  [`PUT ${admin}/members/{user}/update`]: 'members:write',
  [`DELETE ${admin}/members/{userID}/remove`]: 'members:write',
  [`GET ${admin}/organization/read`]: 'organization:read',
  [`PUT ${admin}/organization/update`]: 'organization:update',

  'GET /api/organizations/{organizationId}': 'organization:read',
  'PATCH /api/organizations/{organizationId}': 'organization:update',
  'POST /api/organizations/{organization}/upload-avatar': 'organization:update',
  'GET /api/organizations/{organizationId}/members': 'members:read',
  'PUT /api/organizations/{organizationId}/members/{memberId}': 'members:write',
  'DELETE /api/organizations/{organizationId}/members/{memberId}': 'members:write',
  'POST /api/admin/organizations/{organization}/charge': 'platform-administrator',
  'POST /api/admin/organizations/{organization}/credit': 'platform-administrator',
  'POST /api/admin/organizations/{organization}/restore': 'platform-administrator',
  'POST /api/organizations/{organizationId}/invite': 'invitations:write',
  'GET /api/organizations/{organizationId}/invitations': 'members:read',
  'POST /api/organizations/{organizationId}/invitations': 'invitations:write',
  'POST /api/organizations/{organizationId}/invitations/{invitationId}/resend': 'invitations:write',
  'DELETE /api/organizations/{organizationId}/invitations/{invitationId}': 'invitations:write',
  'GET /api/organizations/{organizationId}/workspaces': 'organization:read',
  'POST /api/organizations/{organizationId}/workspaces': 'organization:update',
  'GET /api/organizations/{organizationId}/workspaces/{workspaceId}': 'organization:read',
  'PATCH /api/organizations/{organizationId}/workspaces/{workspaceId}': 'organization:update',
  'DELETE /api/organizations/{organizationId}/workspaces/{workspaceId}': 'organization:update',
  'GET /api/organizations/{organizationId}/iam-roles': 'organization:read',
  'GET /api/organizations/{organizationId}/wallet': 'wallet:read',
  'GET /api/organizations/{organizationId}/wallet/transactions': 'wallet:read',

  'PUT /organizations': 'organization:update',
  'GET /organizations/{organization_id}': 'organization:read',
  'DELETE /organizations/{organization_id}': 'organization:delete',
  'GET /organizations/{organization_id}/leave': 'member',
  'POST /organizations/{organization_id}/leave': 'member',
  'GET /organizations/{organization_id}/role': 'member',
  'GET /organizations/{organization_id}/summary': 'metrics:read',
  'GET /organizations/{organization_id}/users': 'members:read',
  'POST /organizations/{organization_id}/users': 'members:write',
  'PUT /organizations/{organization_id}/users': 'members:write',
  'DELETE /organizations/{organization_id}/users/{user_ids}': 'members:write',

  'GET /orgs/{org_id}': 'organization:read',
  'PATCH /orgs/{org_id}': 'organization:update',
  'DELETE /orgs/{org_id}': 'organization:delete',
  'GET /orgs/{org_id}/access_log': 'logs:read',
  'GET /orgs/{org_id}/children_audit': 'logs:read',
  'GET /orgs/{org_id}/consumption': 'consumption:read',
  'GET /orgs/{org_id}/customizations': 'customizations:read',
  'PUT /orgs/{org_id}/customizations': 'customizations:write',
  'GET /orgs/{org_id}/api_keys': 'credentials:write',
  'POST /orgs/{org_id}/api_keys': 'credentials:write',
  'DELETE /orgs/{org_id}/api_keys/{key_id}': 'credentials:write',
  'POST /orgs/{org_id}/api_keys/{key_id}/rotate': 'credentials:write',
  'GET /orgs/{org_id}/tags': 'organization:read',
  'PUT /orgs/{org_id}/tags': 'organization:update',
  'GET /orgs/{org_id}/children': 'organization:read',
  'POST /orgs/{org_id}/children': 'children:create',
  'POST /orgs/{org_id}/usage_events': 'usage:write',
};

/** Writes that an organization takes though it is not active; a GET that writes is no less one. */
const takenWhenInactive = [
  'PATCH /api/organizations/{organizationId}',
  'GET /organizations/{organization_id}/leave',
  'POST /organizations/{organization_id}/leave',
];

/** What changes something though its request says nothing: it gets an organization of its own each time. */
const actsAtOnce = [
  'DELETE /organizations/{organization_id}',
  'DELETE /orgs/{org_id}',
  'GET /organizations/{organization_id}/leave',
  'POST /organizations/{organization_id}/leave',
];

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
/** In a parent, and below it where only inherited roles count. */
let parent: Organization;
let child: Organization;
/** Not active, and owned by the same as `organization`. */
const asleep = {} as Record<'inactive' | 'suspended', Organization>;
const people = {} as Record<Role, User>;
const sessions = {} as Record<Role, Headers>;
const sessionsAbove = {} as Record<Role, Headers>;

beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  parent = await anOrganization(owner);
  child = await anOrganization(await somebody(), { parent });
  for (const role of roles) {
    people[role] = await somebody();
    sessions[role] = await signedIn(people[role]);
    await aMember(organization, people[role], [role]);
    const above = await somebody();
    await aMember(parent, above, [role]);
    sessionsAbove[role] = await signedIn(above);
  }
  for (const status of ['inactive', 'suspended'] as const)
    asleep[status] = await anOrganization(people.OWNER, { status });
});

const endpoints = await tenantEndpoints();
const needsKey = ({ dialect }: Endpoint) => dialect.credentials === 'organization-credential';
const titled = endpoints.map((endpoint) => [routeOf(endpoint), endpoint] as const);
const byPerson = titled.filter(([, endpoint]) => !needsKey(endpoint));
const ofOrganizations = byPerson.filter(([route]) => asked[route] !== 'platform-administrator');

const ask = (endpoint: Endpoint, headers: Headers, { id }: { id: number | string } = organization) =>
  call({ ...harmlessRequest(endpoint, id), headers });

/** Whether authorization let a request through, whatever became of it then. */
function isLet(answer: ApiAnswer): boolean {
  const code = codeOf(answer) ?? '';
  expect(answer.status, answer.text).toBeLessThan(500);
  if (code === 'organization_not_found') throw new Error('The organization is not known to the caller.');
  if (code === 'forbidden') return false;
  expect([401, 403]).not.toContain(answer.status);
  return true;
}

/** How a person with these roles asks: with a session, or with a key that may all that they may. */
const credentialOf = (endpoint: Endpoint, person: User, session: Headers, home = organization) =>
  needsKey(endpoint) ? aCredential(home, person) : session;

test('every endpoint inside an organization asks for the documented permission', () => {
  for (const endpoint of endpoints)
    expect([routeOf(endpoint), endpoint.permission]).toEqual([routeOf(endpoint), asked[routeOf(endpoint)]]);
});

describe('each role may what its permissions allow, and nothing else', () => {
  test.each(titled)('%s', async (route, endpoint) => {
    const permission = asked[route];
    for (const role of roles) {
      const may = permission === 'member' || allowed[role].includes(permission as Permission);
      let home = organization;
      if (actsAtOnce.includes(route)) {
        home = await anOrganization(owner);
        await aMember(home, people[role], [role]);
      }
      const headers = await credentialOf(endpoint, people[role], sessions[role]);
      expect([role, isLet(await ask(endpoint, headers, home))]).toEqual([role, may]);
    }
  });
});

describe('a key may what it was given, and its maker may', () => {
  test.each(titled)('%s', async (route, endpoint) => {
    const permission = asked[route] as Permission | 'platform-administrator';
    if (actsAtOnce.includes(route) || asked[route] === 'member') return;
    const only = await aCredential(
      organization,
      people.OWNER,
      permission === 'platform-administrator' ? [] : [permission],
    );
    const others = await aCredential(
      organization,
      people.OWNER,
      permissions.filter((name) => name !== permission),
    );
    expect(isLet(await ask(endpoint, only))).toBe(permission !== 'platform-administrator');
    expect(isLet(await ask(endpoint, others))).toBe(false);
  });
});

describe('OWNER and ADMIN reach down, the other roles do not', () => {
  test.each(ofOrganizations)('%s', async (route, endpoint) => {
    const permission = asked[route];
    for (const role of roles) {
      let below = child;
      if (actsAtOnce.includes(route)) below = await anOrganization(await somebody(), { parent });
      const answer = await ask(endpoint, sessionsAbove[role], below);
      if (role === 'OWNER' || role === 'ADMIN') {
        const may = permission === 'member' || allowed[role].includes(permission as Permission);
        // Who only inherits a role has nothing to leave.
        if (/leave$/.test(route)) expect(answer.status).toBe(404);
        else expect([role, isLet(answer)]).toEqual([role, may]);
      } else {
        expect([role, answer.status]).toEqual([role, endpoint.organizationFrom ? 400 : 404]);
      }
    }
  });
});

describe('a platform administrator may everything, everywhere, in any state', () => {
  test.each(byPerson)('%s', async (route, endpoint) => {
    const headers = await signedIn(await somebody({ isPlatformAdministrator: true }));
    for (const somewhere of [organization, asleep.inactive, asleep.suspended]) {
      const { status } = somewhere;
      const target = actsAtOnce.includes(route) ? await anOrganization(owner, { status }) : somewhere;
      const answer = await ask(endpoint, headers, target);
      if (/leave$/.test(route)) expect(answer.status).toBe(404);
      else expect([status, isLet(answer)]).toEqual([status, true]);
    }
  });
});

describe('an organization that is not active can be read, not changed', () => {
  test.each(titled)('%s', async (route, endpoint) => {
    if (asked[route] === 'platform-administrator') return;
    for (const status of ['inactive', 'suspended'] as const) {
      const target = actsAtOnce.includes(route) ? await anOrganization(owner, { status }) : asleep[status];
      if (target !== asleep[status]) await aMember(target, people.OWNER, ['OWNER']);
      const headers = needsKey(endpoint) ? await aCredential(target, people.OWNER) : sessions.OWNER;
      const answer = await ask(endpoint, headers, target);
      const isTaken = endpoint.method === 'GET' || takenWhenInactive.includes(route);
      if (isTaken) expect([status, isLet(answer)]).toEqual([status, true]);
      else expect([status, answer.status, codeOf(answer)]).toEqual([status, 403, 'organization_not_active']);
    }
  });
});

describe('a deactivated membership grants nothing', () => {
  test.each(ofOrganizations)('%s', async (_, endpoint) => {
    const person = await somebody();
    await aMember(organization, person, ['OWNER'], { isActive: false });
    const answer = await ask(endpoint, await signedIn(person));
    expect([answer.status, codeOf(answer)]).toEqual([403, 'membership_inactive']);
  });
});

describe('to a stranger a foreign organization, a deleted one and one that never was are alike to the byte', () => {
  let strangers: Record<string, Headers>;
  let gone: Organization;
  let itsOwner: Headers;
  beforeAll(async () => {
    const member = await somebody();
    const [elsewhere, below] = [await anOrganization(member), await anOrganization(owner, { parent: organization })];
    await aMember(below, member, ['OWNER']);
    gone = await anOrganization(owner);
    itsOwner = await signedIn(owner);
    await changeState(gone, { deletedAt: Date.now() });
    strangers = {
      'a person who is OWNER elsewhere, and of a child': await signedIn(member),
      'a key of another organization': await aCredential(elsewhere, member),
      'a key of a child': await aCredential(below, member),
      'a key of another organization whose maker is OWNER of this one': await aCredential(
        await anOrganization(people.OWNER),
        people.OWNER,
      ),
    };
  });

  test.each(byPerson)('%s', async (route, endpoint) => {
    const never = newIdentifier(Date.now(), 0.25);
    const expected = asked[route] === 'platform-administrator' ? 403 : endpoint.organizationFrom ? 400 : 404;
    for (const [at, [who, headers]] of Object.entries(strangers).entries()) {
      const spellings = (id: number) => (at === 0 ? [id, toUuid('organization', id)] : [id]);
      const answers = await Promise.all(
        [organization.id, gone.id, never]
          .flatMap(spellings)
          .map(async (spelled) => bytesOf(await ask(endpoint, headers, { id: spelled }), [spelled])),
      );
      for (const answer of answers) {
        expect([who, answer]).toEqual([who, { ...(answer as object), status: expected }]);
        expect(answer).toEqual(answers[0]);
      }
    }
    const ofOwner = await ask(endpoint, itsOwner, gone);
    expect(bytesOf(ofOwner, [gone.id])).toEqual(
      bytesOf(await ask(endpoint, strangers['a key of a child'] ?? {}, { id: never }), [never]),
    );
  });
});

describe('nobody gets past without a credential that works', () => {
  test('every guarded endpoint gives the same 401 for all of them', async () => {
    const guarded = await guardedEndpoints();
    const key = await aCredential(organization, people.OWNER);
    const locked = await signedIn(await somebody({ isLocked: true, isPlatformAdministrator: true }));
    const deleted = await signedIn(await somebody({ deletedAt: 1, isPlatformAdministrator: true }));
    const ended = await signedIn({ ...people.OWNER, sessionEpoch: 0 });
    const flip = (token = '') => token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    const token = sessions.OWNER.authorization ?? '';
    const over = Date.now() - 1;
    const keyOf = async (end: (maker: User) => Promise<unknown>) => {
      const maker = await somebody();
      await aMember(organization, maker, ['OWNER']);
      const made = await aCredential(organization, maker);
      await end(maker);
      return made;
    };
    const gone = await anOrganization(people.OWNER);
    const keyOfGone = await aCredential(gone, people.OWNER);
    await changeState(gone, { deletedAt: over });
    const keys = `/orgs/${organization.id}/api_keys`;
    const revoked = await call({ method: 'POST', path: keys, headers: sessions.OWNER, body: { name: 'Revoked' } });
    await call({ method: 'DELETE', path: `${keys}/${revoked.body.id}`, headers: sessions.OWNER });
    const rotated = await call({ method: 'POST', path: keys, headers: sessions.OWNER, body: { name: 'Rotated' } });
    await call({ method: 'POST', path: `${keys}/${rotated.body.id}/rotate`, headers: sessions.OWNER, body: {} });
    const useless: Headers[] = [
      {},
      { authorization: 'Bearer garbage' },
      { authorization: flip(token) },
      await signedIn(people.OWNER, { accessExpiresAt: over }),
      { authorization: token.slice(0, -8) },
      { 'client-id': key['client-id'] },
      { ...key, 'client-secret': '' },
      { ...key, 'client-secret': flip(key['client-secret']) },
      await aCredential(organization, people.OWNER, permissions, { expiresAt: over }),
      { 'x-api-key': revoked.body.api_key },
      { 'x-api-key': rotated.body.api_key },
      keyOfGone,
      await keyOf((maker) => endMembership(organization, maker)),
      await keyOf((maker) => changeMembership(organization, maker, { isActive: false })),
      await keyOf((maker) => changePerson(maker, { isLocked: true })),
      await keyOf((maker) => changePerson(maker, { deletedAt: over })),
      locked,
      deleted,
      ended,
    ];
    for (const endpoint of guarded) {
      const [first, ...rest] = await Promise.all(
        useless.map(async (headers) => bytesOf(await ask(endpoint, headers), [organization.id])),
      );
      expect([routeOf(endpoint), first]).toMatchObject([routeOf(endpoint), { status: 401 }]);
      for (const answer of rest) expect([routeOf(endpoint), answer]).toEqual([routeOf(endpoint), first]);
    }
  }, 120_000);
});
