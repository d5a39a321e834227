import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { handler as finishMovesJob } from '../../../functions/jobs/finish-moves.ts';
import { organizationKey } from '../../../shared/data/organization-store.ts';
import { toHex24, toOrgName, toUuid } from '../../../shared/domain/identifiers.ts';
import { finishMove } from '../../../shared/domain/organization/finish-moves.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { badValues, expectRefusedFor, noText, titleOf } from '../../support/bad-values.ts';
import { extentOf } from '../../support/extent.ts';
import { growTree } from '../../support/organization-tree.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const root = '/clients/v1/organization-admin';
const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;

const hex = ({ id }: { id: number }) => toHex24('organization', id);
const update = (body: unknown, as: Record<string, string> = headers) =>
  call({ method: 'PUT', path: `${root}/organization/update`, headers: as, body });
const moveTo = async (moved: Organization, parent: Organization | null, maker = owner) =>
  update({ parent_id: parent && hex(parent) }, await aCredential(moved, maker));
const stored = async ({ id }: Organization) => {
  const found = await services().stores.organizations.get(id);
  if (!found) throw new Error('The organization is gone.');
  return found;
};

/** A chain of so many organizations, the root first. */
async function aChain(length: number, maker = owner): Promise<Organization[]> {
  const chain = [await anOrganization(maker)];
  while (chain.length < length) {
    const [child] = await growTree(chain.at(-1) ?? organization, [1]);
    if (child) chain.push(child);
  }
  // Growing one by one leaves the upper levels knowing of one level only.
  for (const [at, link] of chain.entries()) {
    await services().table.update(organizationKey(link.id), { set: { levelsBelow: length - 1 - at } });
  }
  return Promise.all(chain.map(stored));
}

beforeEach(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await aCredential(organization, owner);
});

describe('PUT /organization/update', () => {
  test('changes what is named and leaves the rest', async () => {
    const domain = `a${organization.id}.ardata.tech`;
    const answer = await update({ name: ' AR Data ', domain: domain.toUpperCase(), contact: 'JB@ardata.tech' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'success',
        message: 'Organization updated successfully.',
        data: {
          id: hex(organization),
          name: 'AR Data',
          domain,
          contact: 'jb@ardata.tech',
          parent_id: null,
          status: 'active',
        },
      },
    });
    const read = await call({ method: 'GET', path: `${root}/organization/read`, headers });
    expect(read.body.data).toEqual(answer.body.data);
    expect(read.headers.etag?.slice(0, 3)).toBe(answer.headers.etag?.slice(0, 3));
    const cleared = await update({ domain: null, contact: null });
    expect(cleared.body.data).toMatchObject({ name: 'AR Data', domain: null, contact: null });
  });

  test('a domain belongs to one organization, also when twenty ask for it at once, and is free again when let go', async () => {
    const domain = `only-one-${organization.id}.example.com`;
    const others = await Promise.all(Array.from({ length: 19 }, () => anOrganization(owner)));
    const keys = [headers, ...(await Promise.all(others.map((other) => aCredential(other, owner))))];
    const answers = await Promise.all(keys.map((as) => update({ domain }, as)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter(({ status }) => status !== 200)) {
      expect([status, body.code]).toEqual([409, 'domain_taken']);
    }
    const winner = answers.findIndex(({ status }) => status === 200);
    const loser = keys[(winner + 1) % keys.length];
    expect((await update({ domain }, keys[winner])).status).toBe(200);
    expect((await update({ domain: `other-${domain}` }, keys[winner])).status).toBe(200);
    expect((await update({ domain }, loser)).status).toBe(200);
  });

  test('honours If-Match', async () => {
    const { headers: read } = await call({ method: 'GET', path: `${root}/organization/read`, headers });
    const match = { ...headers, 'if-match': read.etag ?? '' };
    expect((await update({ name: 'One' }, match)).status).toBe(200);
    expect(await update({ name: 'Two' }, match)).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
  });

  test('is refused without organization:update, and in an organization that is not active', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    expect((await update({ name: 'X' }, await aCredential(organization, viewer))).status).toBe(403);
    const idle = await anOrganization(owner, { status: 'inactive', statusReason: 'holidays' });
    expect(await update({ name: 'X' }, await aCredential(idle, owner))).toMatchObject({
      status: 403,
      body: { code: 'organization_not_active' },
    });
  });

  const bad = badValues({
    name: [...noText, '', '  ', 'x'.repeat(121), 'a\tb'],
    domain: [
      7,
      true,
      [],
      '',
      'localhost',
      'a b.example',
      '-a.example',
      'a..example',
      `${'x'.repeat(64)}.example`,
      `${'x.'.repeat(130)}com`,
    ],
    contact: [7, {}, '', 'nobody', 'a@b'],
    parent_id: ['x', '-1', 0, 1.5, true, [], '', toHex24('user', 5), 4_000_000_000, `org-${4_000_000_001}`],
    status: ['suspended'],
    id: [5],
  });
  test.each(bad.map((value) => [titleOf(value), value] as const))(
    'refuses and names %s',
    async (_, { field, value }) => {
      expectRefusedFor(await update({ [field]: value }), field);
    },
  );

  test('an empty body is refused', async () => {
    expectRefusedFor(await update({}), 'body');
  });
});

describe('moving an organization', () => {
  test('takes any spelling of the parent, and null for the top', async () => {
    const parent = await anOrganization(owner);
    for (const spelled of [
      hex(parent),
      parent.id,
      String(parent.id),
      toUuid('organization', parent.id),
      toOrgName(parent.id),
    ]) {
      expect((await update({ parent_id: spelled })).body.data.parent_id).toBe(hex(parent));
      expect((await stored(parent)).counters.children).toBe(1);
      expect((await update({ parent_id: null })).body.data.parent_id).toBeNull();
      expect((await stored(parent)).counters.children).toBe(0);
    }
  });

  test('goes together with a new name, and moves from one parent to the other', async () => {
    const [one, other] = [await anOrganization(owner), await anOrganization(owner)];
    const child = await anOrganization(owner, { parent: one });
    const as = await aCredential(child, owner);
    const { body } = await update({ name: 'Renamed', parent_id: hex(other) }, as);
    expect(body.data).toMatchObject({ name: 'Renamed', parent_id: hex(other) });
    expect([(await stored(one)).counters.children, (await stored(other)).counters.children]).toEqual([0, 1]);
    expect(await services().stores.organizations.childrenOf([one.id])).toEqual([]);
    expect(await services().stores.organizations.childrenOf([other.id])).toEqual([child.id]);
  });

  test('an invisible parent is answered like one that never was; a visible one needs children:create there', async () => {
    const foreign = await anOrganization(await somebody());
    const [unknown, invisible] = [await update({ parent_id: 4_000_000_007 }), await update({ parent_id: foreign.id })];
    expectRefusedFor(invisible, 'parent_id');
    for (const [answer, id] of [
      [unknown, 4_000_000_007],
      [invisible, foreign.id],
    ] as const) {
      expect(answer.body.errors).toEqual([{ field: 'parent_id', message: `There is no organization ${id}.` }]);
    }
    const spelled = await update({ parent_id: hex(foreign) });
    expect(spelled.body.errors[0].message).toBe(`There is no organization ${hex(foreign)}.`);

    await aMember(foreign, owner, ['CONTRIBUTOR']);
    expect(await update({ parent_id: foreign.id })).toMatchObject({ status: 403, body: { code: 'forbidden' } });

    const mine = await anOrganization(owner);
    const limited = await aCredential(organization, owner, ['organization:read', 'organization:update']);
    expect((await update({ parent_id: mine.id }, limited)).status).toBe(403);
    expect((await update({ parent_id: mine.id })).status).toBe(200);
  });

  test('what the maker inherits at the parent counts', async () => {
    const top = await anOrganization(owner);
    const below = await anOrganization(await somebody(), { parent: top });
    expect((await update({ parent_id: below.id })).status).toBe(200);
  });

  test('below itself or one of its descendants is a cycle', async () => {
    const [, child, grandchild] = await growTree(organization, [2, 1]);
    for (const place of [organization, child, grandchild]) {
      expect(await update({ parent_id: place?.id })).toMatchObject({ status: 409, body: { code: 'hierarchy_cycle' } });
    }
  });

  test('two that move below each other at once make no cycle', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, other] = [await anOrganization(owner), await anOrganization(owner)];
      const below = await anOrganization(owner, { parent: other });
      const answers = await Promise.all([moveTo(one, below), moveTo(other, one)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  test('a tree has ten levels and not one more', async () => {
    const chain = await aChain(9);
    const last = chain.at(-1) ?? organization;
    expect((await moveTo(organization, last)).status).toBe(200);
    const [, , third] = chain;
    const two = await aChain(2);
    expect(await moveTo(two[0] ?? organization, last)).toMatchObject({
      status: 409,
      body: { code: 'hierarchy_too_deep' },
    });
    const eight = await aChain(8);
    expect((await moveTo(eight[0] ?? organization, third ?? last)).status).toBe(409);
    const seven = await aChain(7);
    expect((await moveTo(seven[0] ?? organization, third ?? last)).status).toBe(200);
  });

  test('levels that are gone again do not count', async () => {
    const chain = await aChain(5);
    const leaf = chain.at(-1) ?? organization;
    await aMember(leaf, owner, ['OWNER']);
    expect((await moveTo(leaf, null)).status).toBe(200);
    const other = await aChain(6);
    const top = chain[0] ?? organization;
    expect((await moveTo(top, other.at(-1) ?? organization)).status).toBe(200);
    expect((await stored(top)).levelsBelow).toBe(3);
    expect((await moveTo(leaf, chain.at(-2) ?? organization)).body.code).toBe('hierarchy_too_deep');
  });

  test('moves at once never make a tree of eleven levels', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [upper, middle, lower] = [await aChain(5), await aChain(3), await aChain(3)];
      const answers = await Promise.all([
        moveTo(middle[0] ?? organization, upper.at(-1) ?? organization),
        moveTo(lower[0] ?? organization, middle.at(-1) ?? organization),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  test('a move that cannot be finished holds up no other', async () => {
    const parent = await anOrganization(owner);
    const moved = [organization, await anOrganization(owner)];
    const below: Organization[] = [];
    for (const top of moved) below.push(await anOrganization(owner, { parent: top }));
    const nameThem = async (name: unknown, of: readonly Organization[]) => {
      for (const { id } of of) await services().table.update(organizationKey(id), { set: { name } });
    };
    const remembers = async (at: number) => {
      const child = below[at];
      return child && (await stored(child)).ancestors.includes(parent.id);
    };
    for (const stuck of [0, 1]) {
      for (const top of moved) expect((await moveTo(top, stuck === 0 ? parent : null)).status).toBe(200);
      await nameThem(['unreadable'], below.slice(stuck, stuck + 1));
      await expect(finishMovesJob()).rejects.toThrow();
      expect(await remembers(1 - stuck)).toBe(stuck === 0);
      await nameThem('Readable', below);
      await finishMovesJob();
      expect(await Promise.all([0, 1].map(remembers))).toEqual([stuck === 0, stuck === 0]);
    }
    expect(await services().stores.organizations.unfinishedMoves()).toEqual([]);
  });

  test('organizations by the thousand move at once for everybody, whatever happens meanwhile', async () => {
    const [oldOwner, newOwner] = [await somebody(), await somebody()];
    const [oldParent, newParent] = [await anOrganization(oldOwner), await anOrganization(newOwner)];
    const top = await anOrganization(owner, { parent: oldParent });
    await aMember(newParent, owner, ['ADMIN']);
    const leaves = extentOf({ share: 9, whole: 19 });
    const below = await growTree(await stored(top), [10, 10, leaves]);
    expect(below).toHaveLength(10 + 100 + 100 * leaves);
    const keyOfOwner = await aCredential(top, owner);
    const [asOld, asNew, asOwner] = [await signedIn(oldOwner), await signedIn(newOwner), await signedIn(owner)];
    const oldKey = await aCredential(oldParent, oldOwner);
    const stranger = await somebody();
    const ofStranger = await anOrganization(stranger);
    const [asStranger, keyOfStranger] = [await signedIn(stranger), await aCredential(ofStranger, stranger)];
    const see = async (place: Organization, as: Record<string, string>) =>
      (await call({ method: 'GET', path: `/orgs/${place.id}`, headers: as })).status;
    const someOf = (count: number) =>
      Array.from({ length: count }, () => below[Math.floor(Math.random() * below.length)] ?? top);

    expect(await Promise.all(someOf(10).map((place) => see(place, asOld)))).toEqual(Array(10).fill(200));
    expect(await Promise.all(someOf(10).map((place) => see(place, asNew)))).toEqual(Array(10).fill(404));

    let isAnswered = false;
    let isFinished = false;
    const looks: Promise<void>[] = [];
    const look = async () => {
      while (!isFinished) {
        const wasAnswered = isAnswered;
        const [place = top] = someOf(1);
        expect([await see(place, asStranger), await see(place, keyOfStranger)]).toEqual([404, 404]);
        const seen = [
          await see(place, asOld),
          await see(place, oldKey),
          await see(place, asNew),
          await see(place, asOwner),
        ];
        expect(seen[3]).toBe(200);
        if (wasAnswered) expect(seen).toEqual([404, 404, 200, 200]);
        await pause(10);
      }
    };
    for (let at = 0; at < 2; at += 1) looks.push(look());
    // Somebody writes in it all the while.
    const write = async () => {
      let written = 0;
      while (!isFinished) {
        const name = `Renamed ${written}`;
        const [place = top] = someOf(1);
        const path = `/orgs/${place.id}`;
        const { status } = await call({ method: 'PATCH', path, headers: asOwner, body: { name } });
        expect(status).toBe(200);
        written += 1;
        await pause(10);
      }
      return written;
    };
    const writing = write();

    const moved = await update({ parent_id: hex(newParent) }, keyOfOwner);
    isAnswered = true;
    expect(moved.status, moved.text).toBe(200);

    // The consumer is stopped in the middle, again and again, and the job finishes what it left.
    const { stores, openChanges, commit } = services();
    const move = (await stores.organizations.unfinishedMoves()).find((of) => of.organizationId === top.id);
    for (let steps = 1; steps < 6; steps += 2) {
      let left = steps;
      const stopped = finishMove(stores.organizations, move ?? { organizationId: 0, moveId: 0 }, async (fill) => {
        if (left === 0) throw new Error('Stopped.');
        left -= 1;
        const changes = openChanges({ email: 'test', credentialId: null });
        fill(changes);
        await commit(changes, { requestId: 'stopped', ip: '', now: Date.now() });
      });
      await expect(stopped).rejects.toThrow('Stopped.');
    }
    const remembered = async () => {
      const found = await stores.organizations.getMany(below.map(({ id }) => id));
      return found.filter(({ ancestors }) => ancestors[0] === newParent.id && !ancestors.includes(oldParent.id)).length;
    };
    const inTheMiddle = await remembered();
    expect(inTheMiddle).toBeGreaterThan(0);
    expect(inTheMiddle).toBeLessThan(below.length);
    await finishMovesJob();
    isFinished = true;
    await Promise.all(looks);
    expect(await writing).toBeGreaterThan(0);
    expect(await remembered()).toBe(below.length);
    expect(await stores.organizations.unfinishedMoves()).toEqual([]);
    const all = await stores.organizations.getMany(below.map(({ id }) => id));
    const parents = new Map([...all, await stored(top)].map((found) => [found.id, found]));
    for (const found of all) {
      const parent = parents.get(found.parentId ?? 0);
      expect(found.ancestors).toEqual([...(parent?.ancestors ?? []), found.parentId]);
    }
  }, 120_000);
});
