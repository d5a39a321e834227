import { beforeEach, describe, expect, test } from 'vitest';
import * as followUps from '../../../functions/streams/follow-ups.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { DomainError } from '../../../shared/domain/errors.ts';
import { identityOf } from '../../../shared/domain/member/membership.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { changeIdentity, type IdentityChange } from '../../../shared/domain/user/change-identity.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { runInBackground, services } from '../../support/all-services.ts';
import { tableUnderTest } from '../../support/api-under-test.ts';
import { aMember, anOrganization, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';
import { openTableStream, type TableStream } from '../../support/table-stream.ts';

const table = await tableUnderTest({ withStream: true });
let stream: TableStream;

beforeEach(async () => {
  stream = await openTableStream(table);
});

const readUser = async (id: number): Promise<User> => {
  const user = await services().stores.users.get(id);
  if (!user) throw new Error('The user is gone.');
  return user;
};

const change = (id: number, to: IdentityChange, author = 'home@example.com') =>
  runInBackground(author, async (work) => changeIdentity(work, await readUser(id), to));

const codeOf = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'done',
    (error) => (error instanceof DomainError ? error.code : String(error)),
  );

const countersOf = async ({ id }: Organization) => (await services().stores.organizations.get(id))?.counters;

const membershipOf = ({ id }: Organization, user: User) =>
  services().stores.members.getEvenIfDeleted(tenantWithoutCaller(id), user.id);

async function emailsOf({ id }: Organization): Promise<string[]> {
  const { memberLists, organizations } = services().stores;
  const total = (await organizations.get(id))?.counters.members ?? 0;
  const page = { order: 'email', descending: false, offset: 0, limit: 100, total } as const;
  return (await memberLists.page(tenantWithoutCaller(id), page)).map(({ identity }) => identity.email);
}

async function auditsOf({ id }: Organization) {
  const items = await storedItems();
  return items.filter(({ kind, organizationId }) => kind === 'auditEntry' && organizationId === id);
}

async function ownedBy(user: User, count: number): Promise<Organization[]> {
  const organizations: Organization[] = [];
  for (let made = 0; made < count; made += 1) organizations.push(await anOrganization(user));
  return organizations;
}

describe('a change of identity', () => {
  test('is carried into every membership, its place in the lists, the counters and the audit trail', async () => {
    const [owner, user] = [await somebody({ email: 'm@example.com' }), await somebody({ email: 'z@example.com' })];
    const organizations = [await anOrganization(owner), await anOrganization(owner)];
    for (const organization of organizations) await aMember(organization, user, ['VIEWER']);
    await change(user.id, { email: 'a@example.com', lastName: 'Newname' });
    const after = await readUser(user.id);
    expect(after).toMatchObject({ email: 'a@example.com', lastName: 'Newname', isVerified: false, sessionEpoch: 2 });
    for (const organization of organizations) {
      expect((await membershipOf(organization, user))?.identity).toEqual(identityOf(after));
      expect(await emailsOf(organization)).toEqual(['a@example.com', 'm@example.com']);
      expect(await countersOf(organization)).toMatchObject({ members: 2, verifiedMembers: 1 });
      const audits = await auditsOf(organization);
      expect(audits).toHaveLength(1);
      expect(audits[0]?.admin).toBe('home@example.com');
      expect(JSON.parse(String(audits[0]?.changes))).toMatchObject([
        {
          action: 'update',
          entity: 'member',
          entityId: String(user.id),
          oldData: { email: 'z@example.com', last_name: user.lastName, is_verified: true },
          newData: { email: 'a@example.com', last_name: 'Newname', is_verified: false },
        },
      ]);
    }
    expect((await services().stores.users.findByEmail('a@example.com'))?.id).toBe(user.id);
    expect(await services().stores.users.findByEmail('z@example.com')).toBeUndefined();
  });

  test('that changes nothing writes nothing', async () => {
    const user = await somebody();
    await anOrganization(user);
    const before = await storedItems();
    await change(user.id, { firstName: user.firstName, email: user.email, isLocked: false });
    expect(await storedItems()).toEqual(before);
  });

  test('to an address that somebody has is refused, and changes nothing', async () => {
    const [user, other] = [await somebody(), await somebody()];
    expect(await codeOf(change(user.id, { email: other.email, firstName: 'X' }))).toBe('email_taken');
    expect(await readUser(user.id)).toEqual(user);
  });

  test('of ten people to one address at once is one person’s', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => somebody()));
    const outcomes = await Promise.all(people.map(({ id }) => codeOf(change(id, { email: 'one@example.com' }))));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'email_taken')).toHaveLength(9);
  });
});

describe('a lock', () => {
  test('of the last active owner of any organization is refused, also of a suspended one', async () => {
    const [user, other] = [await somebody(), await somebody()];
    const shared = await anOrganization(other);
    await aMember(shared, user, ['OWNER']);
    const own = await anOrganization(user, { status: 'suspended' });
    const before = await readUser(user.id);
    expect(await codeOf(change(user.id, { isLocked: true }))).toBe('last_owner');
    expect(await readUser(user.id)).toEqual(before);
    await aMember(own, other, ['OWNER']);
    expect(await codeOf(change(user.id, { isLocked: true }))).toBe('done');
    expect(await countersOf(own)).toMatchObject({ members: 2, activeMembers: 1, lockedMembers: 1, activeOwners: 1 });
    expect(await codeOf(change(other.id, { isLocked: true }))).toBe('last_owner');
    await change(user.id, { isLocked: false });
    expect(await countersOf(own)).toMatchObject({ members: 2, activeMembers: 2, lockedMembers: 0, activeOwners: 2 });
  });

  test('of both owners at once locks one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const owners = [await somebody(), await somebody()] as const;
      const organization = await anOrganization(owners[0]);
      await aMember(organization, owners[1], ['OWNER']);
      const outcomes = await Promise.all(owners.map(({ id }) => codeOf(change(id, { isLocked: true }))));
      expect(outcomes.sort()).toEqual(['done', 'last_owner']);
      expect((await countersOf(organization))?.activeOwners).toBe(1);
    }
  });

  test('is not held up by an organization that is deleted', async () => {
    const user = await somebody();
    const organization = await anOrganization(user, { deletedAt: Date.now() });
    expect(await codeOf(change(user.id, { isLocked: true }))).toBe('done');
    expect((await membershipOf(organization, user))?.identity.isLocked).toBe(true);
  });
});

describe('a delete', () => {
  test('hides the person from lists and counters, shows another owner, and a restore brings everything back', async () => {
    const [user, other] = [await somebody(), await somebody()];
    const organization = await anOrganization(user);
    await aMember(organization, other, ['OWNER'], { bytesLimit: 10 });
    const before = await countersOf(organization);
    await change(user.id, { deletedAt: Date.now() });
    expect(await emailsOf(organization)).toEqual([other.email]);
    expect(await countersOf(organization)).toMatchObject({ members: 1, activeMembers: 1, activeOwners: 1 });
    expect((await services().stores.organizations.get(organization.id))?.ownerId).toBe(other.id);
    expect(await services().stores.members.get(tenantWithoutCaller(organization.id), user.id)).toBeUndefined();
    await change(user.id, { deletedAt: null });
    expect((await emailsOf(organization)).sort()).toEqual([user.email, other.email].sort());
    expect(await countersOf(organization)).toEqual(before);
    expect((await membershipOf(organization, user))?.roles).toEqual(['OWNER']);
  });

  test('of the last owner is refused', async () => {
    const user = await somebody();
    await anOrganization(user);
    expect(await codeOf(change(user.id, { deletedAt: Date.now() }))).toBe('last_owner');
  });
});

describe('with more organizations than a transaction can hold', () => {
  test('the lock holds at once, and the consumer carries it into the rest, however often it is stopped', async () => {
    const [user, other] = [await somebody(), await somebody()];
    const organizations = await ownedBy(user, 60);
    for (const organization of organizations) await aMember(organization, other, ['OWNER']);
    await change(user.id, { isLocked: true });
    expect((await readUser(user.id)).isLocked).toBe(true);
    const locked = async () => {
      const memberships = await Promise.all(organizations.map((organization) => membershipOf(organization, user)));
      return memberships.filter((membership) => membership?.identity.isLocked).length;
    };
    const atOnce = await locked();
    expect(atOnce).toBeGreaterThan(0);
    expect(atOnce).toBeLessThan(60);

    // Twice at once: they get in each other's way, and one of them or the next try finishes.
    const followed = await stream.next(followUps);
    const records = followed.filter(({ dynamodb }) => dynamodb?.NewImage?.kind?.S === 'user');
    expect(records).toHaveLength(1);
    await Promise.all([followUps.handler({ Records: records }), followUps.handler({ Records: records })]);
    expect(await followUps.handler({ Records: records })).toEqual({ batchItemFailures: [] });
    expect(await locked()).toBe(60);
    for (const organization of organizations) {
      expect(await countersOf(organization)).toMatchObject({ members: 2, activeMembers: 1, lockedMembers: 1 });
    }
    const ids = new Set<unknown>(organizations.map(({ id }) => id));
    const items = await storedItems();
    const audits = items.filter(({ kind, organizationId }) => kind === 'auditEntry' && ids.has(organizationId));
    expect(audits.map(({ admin }) => admin)).toEqual(Array(60).fill('home@example.com'));
    expect(new Set(audits.map(({ requestId }) => requestId)).size).toBe(1);
    expect(await services().stores.users.identityCopiesDue(user.id)).toBeUndefined();
  });

  test('the last owner of any of them cannot be locked', async () => {
    const [user, other] = [await somebody(), await somebody()];
    const organizations = await ownedBy(user, 30);
    for (const organization of organizations.slice(0, -1)) await aMember(organization, other, ['OWNER']);
    expect(await codeOf(change(user.id, { isLocked: true }))).toBe('last_owner');
  });
});

describe('a membership that begins in the same moment', () => {
  /** A change that has read what it decides on when `meanwhile` happens for once, and has not written yet. */
  async function changeDuring(id: number, to: IdentityChange, meanwhile: () => Promise<unknown>) {
    let runs = 0;
    const outcome = await codeOf(
      runInBackground('home@example.com', async (work) => {
        runs += 1;
        await changeIdentity(work, await readUser(id), to);
        if (runs === 1) await meanwhile();
      }),
    );
    return { outcome, runs };
  }

  test('is changed with the others: nothing of it is due', async () => {
    const [owner, user] = [await somebody(), await somebody()];
    const organization = await anOrganization(owner);
    const join = () => aMember(organization, user, ['VIEWER']);
    expect(await changeDuring(user.id, { firstName: 'Changed' }, join)).toEqual({ outcome: 'done', runs: 2 });
    expect((await membershipOf(organization, user))?.identity.firstName).toBe('Changed');
    expect(await services().stores.users.identityCopiesDue(user.id)).toBeUndefined();
    const followed = (await stream.next(followUps)).map(({ dynamodb }) => dynamodb?.NewImage?.kind?.S);
    expect(followed).toEqual(['membership', 'membership', 'auditEntry']);
  });

  test('of the only owner keeps them from being locked, the first and any further one', async () => {
    const user = await somebody();
    const join = () => anOrganization(user);
    for (const _ of ['the first', 'a further one']) {
      expect(await changeDuring(user.id, { isLocked: true }, join)).toEqual({ outcome: 'last_owner', runs: 2 });
    }
    expect((await readUser(user.id)).isLocked).toBe(false);
  });

  test('is seen also where it began before the user was read, and after their memberships were', async () => {
    const user = await somebody();
    const organizationIds = await services().stores.members.organizationIdsOf(user.id);
    await anOrganization(user);
    const locked = runInBackground('home@example.com', async (work) =>
      changeIdentity(work, await readUser(user.id), { isLocked: true }, { organizationIds }),
    );
    expect(await codeOf(locked)).toBe('last_owner');
  });

  test('is one of many in which a person makes organizations at once', async () => {
    const user = await somebody();
    const before = await readUser(user.id);
    const made = await Promise.all(Array.from({ length: 20 }, () => anOrganization(user)));
    expect(await services().stores.members.organizationIdsOf(user.id)).toHaveLength(made.length);
    expect(await readUser(user.id)).toEqual({ ...before, joins: made.length });
  });
});
