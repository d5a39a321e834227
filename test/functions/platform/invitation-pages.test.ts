import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { StoredItem } from '../../../shared/data/transaction.ts';
import { transactionOf } from '../../../shared/data/transaction.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { newIdentifier, toUuid } from '../../../shared/domain/identifiers.ts';
import {
  type Invitation,
  type InvitationStatus,
  invitationLifeMilliseconds,
  shownStatus,
  storedInvitationStatuses,
} from '../../../shared/domain/invitation/invitation.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { dayMilliseconds } from '../../../shared/domain/timestamp.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { faultyApiUnderTest } from '../../support/api-under-test.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const { engine, call } = await faultyApiUnderTest();
let owner: User;
let headers: Record<string, string>;

beforeAll(async () => {
  owner = await somebody();
  headers = { ...(await signedIn(owner)) };
});

/** What became of an invitation that was made so long ago. */
interface Fate {
  readonly ageMilliseconds: number;
  readonly status: InvitationStatus;
  /** When it was renewed last, if it was. */
  readonly renewedAgo?: number | undefined;
}

/** Puts invitations into the table as the store writes them one by one, but many at once. */
async function invited(organization: Organization, fates: readonly Fate[]): Promise<Invitation[]> {
  const { stores, openChanges, table: client } = services();
  const tenant = tenantWithoutCaller(organization.id);
  const now = Date.now();
  const items = new Map<string, StoredItem>();
  const made = fates.map(({ ageMilliseconds, status, renewedAgo }, at): Invitation => {
    const createdAt = now - ageMilliseconds;
    const invitation: Invitation = {
      // Several of one millisecond differ in their last bits.
      id: newIdentifier(createdAt, (at % 4096) / 4096),
      organizationId: organization.id,
      email: `invited-${at}@example.com`,
      firstName: 'Ivy',
      lastName: `Number${at}`,
      roles: ['VIEWER'],
      status,
      invitedById: organization.ownerId,
      invitedByName: 'Olga Owner',
      mailNumber: 1,
      mailDue: null,
      tokenHash: 'x'.repeat(43),
      replacedTokenHashes: [],
      createdAt,
      sentAt: createdAt,
      expiresAt: now - (renewedAgo ?? ageMilliseconds) + invitationLifeMilliseconds,
    };
    const changes = openChanges({ email: '', credentialId: null });
    stores.invitations.create(changes, tenant, invitation);
    for (const write of transactionOf(changes).all()) {
      if (write.type === 'put' && write.item.kind === 'invitation') items.set(write.item.sk, write.item);
      if (write.type !== 'update') continue;
      const before = items.get(write.key.sk) ?? { ...write.key };
      const added = Object.entries(write.add).map(([name, by]) => [name, Number(before[name] ?? 0) + by]);
      items.set(write.key.sk, { ...before, ...write.set, ...Object.fromEntries(added) });
    }
    return invitation;
  });
  await client.putAll([...items.values()]);
  return made.sort((one, other) => other.id - one.id);
}

const list = (of: Organization, query: string) =>
  call({ method: 'GET', path: `/api/organizations/${of.id}/invitations?${query}`, headers });
const idsOf = ({ body }: ApiAnswer) => body.data.map(({ id }: { id: string }) => id);
const uuid = ({ id }: Invitation) => toUuid('invitation', id);

const aFate: fc.Arbitrary<Fate> = fc
  .record({
    ageMilliseconds: fc.nat(20 * dayMilliseconds),
    status: fc.constantFrom(...storedInvitationStatuses),
    renewed: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
  })
  .map(({ ageMilliseconds, status, renewed }) => ({
    ageMilliseconds,
    // Stored as expired is only what had no time left.
    status: status === 'expired' && ageMilliseconds < invitationLifeMilliseconds ? ('pending' as const) : status,
    renewedAgo: renewed === null || status === 'expired' ? undefined : Math.floor(ageMilliseconds * renewed),
  }));

describe('the list of invitations', () => {
  test('shows in pages of every size what all of them together show, whatever became of them and when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aFate, { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), async (fates, perPage) => {
        const of = await anOrganization(owner);
        const made = await invited(of, fates);
        const now = Date.now();
        for (const status of [undefined, ...storedInvitationStatuses]) {
          const expected = made.filter((one) => status === undefined || shownStatus(one, now) === status).map(uuid);
          const found: string[] = [];
          for (let page = 1; page <= Math.ceil(expected.length / perPage) + 1; page += 1) {
            const filter = status === undefined ? '' : `&status=${status}`;
            const answer = await list(of, `per_page=${perPage}&page=${page}${filter}`);
            expect(answer.body.pagination, `${status} ${answer.text}`).toEqual({
              page,
              perPage,
              total: expected.length,
              totalPages: Math.ceil(expected.length / perPage),
            });
            found.push(...idsOf(answer));
          }
          expect(found, status ?? 'all').toEqual(expected);
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
  }, 120_000);

  test('is as cheap on every page, of every status, however many there have been', async () => {
    const of = await anOrganization(owner);
    const perDay = 40;
    const days = 75;
    const fates = Array.from({ length: days * perDay }, (_, at): Fate => {
      const ageMilliseconds = Math.floor((at * dayMilliseconds) / perDay);
      const isOld = ageMilliseconds > invitationLifeMilliseconds;
      const statuses = ['accepted', 'sent', 'revoked', 'accepted', 'bounced', isOld ? 'expired' : 'pending'] as const;
      return { ageMilliseconds, status: statuses[at % statuses.length] ?? 'sent' };
    });
    const made = await invited(of, fates);
    const now = Date.now();
    let [read, calls] = [0, 0];
    engine.decide = ({ operation }) => {
      if (operation === 'Query' || operation === 'BatchGetItem') calls += 1;
      if (operation !== 'Query') return undefined;
      return (answer) => {
        read += Number(answer.ScannedCount ?? 0);
        return answer;
      };
    };
    for (const status of [undefined, ...storedInvitationStatuses]) {
      const expected = made.filter((one) => status === undefined || shownStatus(one, now) === status);
      const pages = Math.ceil(expected.length / 15);
      for (const page of [1, 2, Math.ceil(pages / 2), pages - 1, pages]) {
        [read, calls] = [0, 0];
        const answer = await list(of, `page=${page}${status === undefined ? '' : `&status=${status}`}`);
        expect(idsOf(answer)).toEqual(expected.slice((page - 1) * 15, page * 15).map(uuid));
        expect(answer.body.pagination.total).toBe(expected.length);
        // Not more than what a day, and what an organization has open at once, can be: most of it index entries.
        const open = 8 * perDay;
        expect(read, `${status} ${page}`).toBeLessThanOrEqual(
          days + perDay + 15 + (status === 'expired' ? 2 * open : open),
        );
        if (status === undefined || status === 'accepted' || status === 'revoked') {
          expect(read, `${status} ${page}`).toBeLessThanOrEqual(days + 2 * perDay + 15);
        }
        // Who is calling, the days, those with time left by status, the places, the invitations.
        expect(calls, `${status} ${page}`).toBeLessThanOrEqual(7);
      }
    }
    engine.decide = () => undefined;
  }, 120_000);
});
