import { beforeAll, describe, expect, it } from 'vitest';
import { job, handler as purge } from '../../../functions/jobs/purge-deleted.ts';
import { organizationKey } from '../../../shared/data/organization-store.ts';
import { partitionsBeside } from '../../../shared/data/purge-store.ts';
import { type ItemKindName, itemKinds, partitionOf } from '../../../shared/data/table.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { purgeDeleted } from '../../../shared/domain/purge/purge-deleted.ts';
import { dayMilliseconds } from '../../../shared/domain/timestamp.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { proveWallets } from '../../../shared/domain/wallet/prove-wallets.ts';
import { services } from '../../support/all-services.ts';
import { faultyApiUnderTest } from '../../support/api-under-test.ts';
import { addMembersInBulk } from '../../support/bulk-members.ts';
import { extentOf } from '../../support/extent.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

type Headers = Record<string, string>;

const { engine, call } = await faultyApiUnderTest();
let owner: User;
let asOwner: Headers;
let asAdministrator: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
  asAdministrator = await signedIn(await somebody({ isPlatformAdministrator: true }));
});

async function commit(write: (changes: ReturnType<ReturnType<typeof services>['openChanges']>) => void) {
  const changes = services().openChanges({ email: '', credentialId: null });
  write(changes);
  await services().commit(changes, { requestId: `test-${services().newId()}`, ip: '', now: Date.now() });
}

/** Deletes an organization, as if that were so many days ago. */
async function deleteOrganization({ id }: Organization, daysAgo: number): Promise<void> {
  await commit((changes) =>
    services().stores.organizations.change(changes, tenantWithoutCaller(id), {
      set: { deletedAt: Date.now() - daysAgo * dayMilliseconds },
    }),
  );
}

async function deleteUser(user: User, daysAgo: number): Promise<void> {
  const [present] = await services().stores.users.getMany([user.id]);
  if (!present) throw new Error('There is no such user.');
  const deletedAt = Date.now() - daysAgo * dayMilliseconds;
  await commit((changes) => services().stores.users.change(changes, present, { deletedAt }));
}

/** An organization in which everything has happened that leaves items. */
async function livelyOrganization(members = 30): Promise<Organization> {
  const organization = await anOrganization(owner, { name: 'Lively', avatarUrl: '/avatars/lively.png' });
  const send = (method: string, path: string, body: unknown, headers = asOwner) =>
    call({ method, path, headers, body });
  for (let at = 0; at < members; at += 1) await aMember(organization, await somebody(), ['VIEWER']);
  const answers = [
    await send('POST', `/orgs/${organization.id}/api_keys`, { name: 'Key' }),
    await send('PUT', `/orgs/${organization.id}/tags`, { tags: ['a'] }),
    await send('POST', `/api/organizations/${organization.id}/workspaces`, { name: 'Workspace' }),
    await send('POST', `/api/organizations/${organization.id}/invite`, { email: 'invited@example.com' }),
    await send(
      'POST',
      `/api/admin/organizations/${organization.id}/credit`,
      { amount: 5, reason: 'Gift' },
      asAdministrator,
    ),
    await send('POST', `/orgs/${organization.id}/usage_events`, {
      events: [
        { id: 'one', meter: 'm', quantity: 1, timestamp: new Date().toISOString() },
        { id: 'two', meter: 'm', quantity: 1, timestamp: '2026-01-01T00:00:00Z' },
      ],
    }),
  ];
  expect(answers.map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
  return organization;
}

/** What is kept of an organization that is gone: what it has done stays told, or ends by its own time to live. */
const mayStay = (item: Record<string, unknown>) =>
  item.kind === 'auditEntry' || item.kind === 'unusedAvatar' || item.expiresAt !== undefined;

async function itemsOf({ id }: { readonly id: number }): Promise<Record<string, unknown>[]> {
  const padded = String(id).padStart(16, '0');
  return (await storedItems()).filter(({ pk, sk }) => `${pk}|${sk}`.includes(padded));
}

const nothing = { organizations: 0, users: 0, items: 0, restored: 0, postponed: 0 };

const notesOf = async ({ id: of }: { readonly id: number }) =>
  (await storedItems()).filter(({ kind, id }) => kind === 'deletion' && id === of);

describe('what was deleted more than 30 days ago', () => {
  it('is erased: an organization with all that was its own, and nothing of others', async () => {
    const [doomed, spared] = [await livelyOrganization(), await livelyOrganization()];
    const before = await itemsOf(spared);
    await deleteOrganization(doomed, 31);
    const summary = await purge();
    expect(summary).toMatchObject({ organizations: 1, users: 0, restored: 0 });
    expect(summary.items).toBeGreaterThan(60);
    expect((await itemsOf(doomed)).filter((item) => !mayStay(item))).toEqual([]);
    expect(await itemsOf(spared)).toEqual(before);
    expect(await storedItems()).toContainEqual(
      expect.objectContaining({ kind: 'unusedAvatar', organizationId: doomed.id, path: '/avatars/lively.png' }),
    );
    expect((await call({ method: 'GET', path: `/orgs/${doomed.id}`, headers: asOwner })).status).toBe(404);
    expect(await purge()).toEqual(nothing);
  });

  it('is erased: the counts of its lists, where it had so many members', async () => {
    const doomed = await anOrganization(owner);
    await addMembersInBulk(doomed, 300, { withPeople: false });
    const lists = (items: Record<string, unknown>[]) => items.filter(({ pk }) => String(pk).startsWith('LIST#'));
    expect(lists(await itemsOf(doomed))).not.toEqual([]);
    await deleteOrganization(doomed, 31);
    expect(await purge()).toMatchObject({ organizations: 1 });
    expect((await itemsOf(doomed)).filter((item) => !mayStay(item))).toEqual([]);
  });

  it('is erased: a person with sessions, memberships and the claim on the address', async () => {
    const person = await somebody();
    await signedIn(person);
    const organization = await anOrganization(owner);
    await aMember(organization, person, ['VIEWER']);
    await deleteUser(person, 31);
    expect(await purge()).toMatchObject({ users: 1 });
    expect(await itemsOf(person)).toEqual([]);
    expect(await services().stores.users.findIdByEmail(person.email)).toBeUndefined();
  });

  it('takes what it says that it needs of the table, and no more', async () => {
    const person = await somebody();
    const organization = await livelyOrganization();
    await deleteOrganization(organization, 31);
    await deleteUser(person, 31);
    engine.calls.length = 0;
    expect(await purge()).toMatchObject({ organizations: 1, users: 1 });
    const used = engine.calls.flatMap(({ operation, input }) =>
      operation === 'TransactWriteItems'
        ? input.TransactItems.flatMap((item: object) => Object.keys(item).map((part) => `${part}Item`))
        : [operation],
    );
    expect([...new Set(used)].sort()).toEqual([...(job.table.actions ?? [])].sort());
  });
});

/** Runs the job until it writes for the so-manieth time; then it dies, having written but a part of that. */
async function dieAt(write: number, part: 0 | 1): Promise<boolean> {
  const { table: present } = services();
  const { deleteAll, putAll, commit } = Object.getPrototypeOf(present) as typeof present;
  let writes = 0;
  const isDead = () => writes > write;
  const killed = () => new Error('Killed.');
  const some = <Item>(items: readonly Item[]) => items.filter((_, at) => at % 2 === part);
  const dying =
    <Item>(all: (items: readonly Item[]) => Promise<void>) =>
    async (items: readonly Item[]) => {
      if (items.length === 0) return;
      if (isDead()) throw killed();
      writes += 1;
      await all.call(present, isDead() ? some(items) : items);
      if (isDead()) throw killed();
    };
  present.deleteAll = dying(deleteAll);
  present.putAll = dying(putAll);
  present.commit = async (...given) => {
    writes += 1;
    if (isDead() && part === 0) throw killed();
    await commit.apply(present, given);
    if (isDead()) throw killed();
  };
  try {
    await purge();
    return false;
  } catch (error) {
    expect((error as Error).message).toContain('Killed.');
    return true;
  } finally {
    Object.assign(present, { deleteAll, putAll, commit });
  }
}

describe('a job that is killed', () => {
  it.each([0, 1] as const)(
    'at any write, in the share at every fifth, leaves an organization that the next one finds, and ends (%i)',
    async (part) => {
      let deaths = extentOf({ share: part, whole: 0 });
      for (let isEnded = false; !isEnded; deaths += extentOf({ share: 5, whole: 1 })) {
        const organization = await livelyOrganization(3);
        const members = await services().stores.memberLists.page(tenantWithoutCaller(organization.id), {
          order: 'joining',
          descending: false,
          offset: 0,
          limit: 10,
          total: 4,
        });
        await deleteOrganization(organization, 31);
        isEnded = !(await dieAt(deaths, part));
        await Promise.all([purge(), purge()]);
        expect((await itemsOf(organization)).filter((item) => !mayStay(item))).toEqual([]);
        expect(members).toHaveLength(4);
        expect(await services().stores.organizations.getManyEvenIfDeleted([organization.id])).toEqual([]);
        expect(await notesOf(organization)).toEqual([]);
      }
      expect(deaths).toBeGreaterThan(8);
    },
    240_000,
  );

  it.each([0, 1] as const)('at any write leaves a person whom the next one finds, and ends (%i)', async (part) => {
    let deaths = 0;
    for (let isEnded = false; !isEnded; deaths += 1) {
      const person = await somebody();
      await signedIn(person);
      for (let at = 0; at < 2; at += 1) await aMember(await anOrganization(owner), person, ['VIEWER']);
      await deleteUser(person, 31);
      isEnded = !(await dieAt(deaths, part));
      // As soon as the address is free, somebody else may have it.
      const taken = await somebody({ email: person.email }).catch(() => undefined);
      await Promise.all([purge(), purge()]);
      expect(await itemsOf(person)).toEqual([]);
      expect(await notesOf(person)).toEqual([]);
      expect(await services().stores.users.findIdByEmail(person.email)).toBe(taken?.id);
    }
    expect(deaths).toBeGreaterThan(3);
  });

  it('cannot leave a wallet that is proved wrong', async () => {
    const organization = await livelyOrganization(1);
    await deleteOrganization(organization, 31);
    for (let write = 0; await dieAt(write, 0); write += 1) {
      expect((await proveWallets(services().stores.wallets)).wrong).toEqual([]);
    }
  });
});

describe('what waits for the next run', () => {
  it('is an organization below which something may still live', async () => {
    const organization = await anOrganization(owner);
    const tenant = tenantWithoutCaller(organization.id);
    await deleteOrganization(organization, 31);
    const author = { email: owner.email, credentialId: null };
    await commit((changes) =>
      services().stores.organizations.deletionUnfinished(changes, {
        organizationId: organization.id,
        author,
        requestId: 'r',
        ip: '',
      }),
    );
    expect(await purge()).toMatchObject({ organizations: 0, postponed: 1 });
    await commit((changes) => services().stores.organizations.deletionFinished(changes, tenant));
    expect(await purge()).toMatchObject({ organizations: 1, postponed: 0 });
  });

  it('is a person whose memberships do not all know of the deletion', async () => {
    const person = await somebody();
    const at = Date.now() - 31 * dayMilliseconds;
    const request = { authorEmail: owner.email, authorCredentialId: null, requestId: 'r', ip: '', at };
    await commit((changes) => {
      services().stores.users.change(changes, person, { deletedAt: at });
      services().stores.users.noteIdentityCopiesDue(changes, person, request);
    });
    expect(await purge()).toMatchObject({ users: 0, postponed: 1 });
    const due = await services().stores.users.identityCopiesDue(person.id);
    await commit((changes) => services().stores.users.identityCopied(changes, due?.user ?? person));
    expect(await purge()).toMatchObject({ users: 1, postponed: 0 });
  });

  it('is what there is no time left for, also in the middle of an organization', async () => {
    const [one, other] = [await livelyOrganization(3), await livelyOrganization(3)];
    for (const organization of [one, other]) await deleteOrganization(organization, 31);
    const begun = Date.now();
    let asked = 0;
    const clock = () => {
      asked += 1;
      return begun + asked;
    };
    const cut = await purgeDeleted(services().stores, clock, begun + 12);
    expect(cut).toMatchObject({ organizations: 0, postponed: 2, failed: [] });
    expect(cut.items).toBeGreaterThan(0);
    expect(await purge()).toMatchObject({ organizations: 2, postponed: 0 });
    expect([...(await itemsOf(one)), ...(await itemsOf(other))].filter((item) => !mayStay(item))).toEqual([]);
  });

  it('is one that cannot be erased, and holds up no other', async () => {
    const [bad, good] = [await anOrganization(owner), await anOrganization(owner)];
    for (const organization of [bad, good]) await deleteOrganization(organization, 31);
    const { putAll } = services().table;
    const [item] = await services().table.get([organizationKey(bad.id)]);
    await putAll.call(services().table, [{ ...organizationKey(bad.id), ...item, createdAt: 'never' }]);
    await expect(purge()).rejects.toThrow(`organization ${bad.id}`);
    expect(await services().stores.organizations.getManyEvenIfDeleted([good.id])).toEqual([]);
    await putAll.call(services().table, [{ ...organizationKey(bad.id), ...item }]);
    expect(await purge()).toMatchObject({ organizations: 1 });
  });
});

it('knows every partition that an organization has, but those that end by themselves', () => {
  const endByThemselves = ['accessEntry', 'logPulse', 'activeMember', 'mailRecord', 'usageRecord'];
  const keptForEver = ['auditEntry'];
  const known = [partitionOf('organization', { organization: 7 }), ...partitionsBeside(7)];
  const forgotten = (Object.keys(itemKinds) as ItemKindName[])
    .filter((kind) => itemKinds[kind].pk.includes('{organization}'))
    .filter((kind) => ![...endByThemselves, ...keptForEver].includes(kind))
    .filter((kind) => !known.some((partition) => partition.split('#')[0] === itemKinds[kind].pk.split('#')[0]));
  expect(forgotten).toEqual([]);
});

describe('what is spared', () => {
  it('is what was deleted less than 30 days ago', async () => {
    const organization = await anOrganization(owner);
    const person = await somebody();
    await deleteOrganization(organization, 29);
    await deleteUser(person, 29);
    expect(await purge()).toEqual(nothing);
    expect(await services().stores.organizations.getManyEvenIfDeleted([organization.id])).toHaveLength(1);
    expect(await services().stores.users.getMany([person.id])).toHaveLength(1);
  });

  it('is what was brought back, and what was deleted again later', async () => {
    const organization = await anOrganization(owner);
    await deleteOrganization(organization, 31);
    await commit((changes) =>
      services().stores.organizations.change(changes, tenantWithoutCaller(organization.id), {
        set: { deletedAt: null },
        evenIfDeleted: true,
      }),
    );
    await deleteOrganization(organization, 3);
    expect(await purge()).toEqual({ ...nothing, restored: 1 });
    expect(await services().stores.organizations.getManyEvenIfDeleted([organization.id])).toHaveLength(1);
    expect(await purge()).toMatchObject({ restored: 0 });
  });

  it('a deletion over the API is noted, and comes to its end', async () => {
    const organization = await anOrganization(owner);
    await call({ method: 'DELETE', path: `/orgs/${organization.id}`, headers: asOwner });
    expect(await notesOf(organization)).toHaveLength(1);
  });
});
