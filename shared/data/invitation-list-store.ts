import type { Tenant } from '../domain/access/tenant.ts';
import { lastIdentifierBefore, momentOf } from '../domain/identifiers.ts';
import {
  type Invitation,
  type InvitationList,
  invitationLists,
  isUnansweredStatus,
  shownStatus,
  type UnansweredStatus,
  unansweredStatuses,
} from '../domain/invitation/invitation.ts';
import type {
  InvitationListStore,
  InvitationQuery,
  OpenedInvitations,
} from '../domain/invitation/invitation-list-store.ts';
import { dayMilliseconds, dayOf, type Timestamp } from '../domain/timestamp.ts';
import { invitationKey } from './invitation-store.ts';
import { readInvitation, readInvitationDay } from './items.ts';
import { listedInvitationKey, unansweredInvitationsAt } from './order-keys.ts';
import { paddedNumber, partitionOf, sortKeyPrefixOf, tableIndexes } from './table.ts';
import type { PartitionQuery, TableClient } from './table-client.ts';

/**
 * Pages of the invitations of an organization, newest first. Any page costs about a page, however many invitations there
 * were: the counts of each day say on which day it begins, and from there it is read. What only time has done, that an
 * invitation is expired, no count can know; but those that still have time are few, since an organization invites only
 * so many a day and each has its days: they are looked up, and the rest follows.
 */

/** Asks for those that are shown with this status at `now`. */
function unansweredQuery(organizationId: number, status: UnansweredStatus, now: Timestamp): PartitionQuery {
  return {
    partition: partitionOf('invitation', { organization: organizationId }),
    index: { name: 'inOrderOfJoining', sortKey: tableIndexes.inOrderOfJoining.sortKey },
    between: unansweredInvitationsAt(status, now),
  };
}

const idOf = ({ sk }: Record<string, unknown>) => Number(String(sk).slice(sortKeyPrefixOf('invitation').length));

/** How many invitations of a day there are to show; the days latest first. */
interface DayCount {
  readonly day: string;
  readonly count: number;
}

/** What tells where pages begin. */
interface Counts {
  readonly days: readonly (Record<InvitationList, number> & { readonly day: string })[];
  /** Of invitations that still have time, where those are left out. */
  readonly withTime: ReadonlySet<number>;
}

/** Where a page begins: at the latest invitation of a day, after skipping some. */
interface Beginning {
  readonly latestId: number;
  readonly skipped: number;
}

export function invitationListStore(table: TableClient): InvitationListStore {
  const openedCounts = new WeakMap<OpenedInvitations, Promise<Counts>>();

  async function dayCounts(organizationId: number): Promise<Counts['days']> {
    const days: Counts['days'][number][] = [];
    for await (const item of table.queryAll({
      partition: partitionOf('invitationDay', { organization: organizationId }),
      beginsWith: sortKeyPrefixOf('invitationDay'),
      descending: true,
    })) {
      days.push({ ...readInvitationDay(item), day: String(item.sk).slice(sortKeyPrefixOf('invitationDay').length) });
    }
    return days;
  }

  async function unanswered(organizationId: number, status: UnansweredStatus, now: Timestamp): Promise<number[]> {
    const ids: number[] = [];
    for await (const item of table.queryAll(unansweredQuery(organizationId, status, now))) ids.push(idOf(item));
    return ids;
  }

  async function readCounts(
    organizationId: number,
    { status, now }: Pick<InvitationQuery, 'status' | 'now'>,
  ): Promise<Counts> {
    const [days, ...withTime] = await Promise.all([
      dayCounts(organizationId),
      ...(status === 'expired' ? unansweredStatuses.map((name) => unanswered(organizationId, name, now)) : []),
    ]);
    return { days, withTime: new Set(withTime.flat()) };
  }

  async function getMany(tenant: Tenant, ids: readonly number[]): Promise<Invitation[]> {
    const items = await table.get(ids.map((id) => invitationKey(tenant.organizationId, id)));
    return items.filter((item) => item !== undefined).map(readInvitation);
  }

  /** The ids of a list from where a page begins, without those to leave out. */
  async function idsFrom(
    tenant: Tenant,
    list: InvitationList,
    { latestId, skipped }: Beginning,
    limit: number,
    leftOut: ReadonlySet<number>,
  ): Promise<number[]> {
    const ids: number[] = [];
    const inTheWay = [...leftOut].filter((id) => id <= latestId).length;
    for await (const item of table.queryAll({
      partition: partitionOf('invitation', { organization: tenant.organizationId }),
      index: { name: 'inOrderOfName', sortKey: tableIndexes.inOrderOfName.sortKey },
      between: [listedInvitationKey(list, 0), listedInvitationKey(list, latestId)],
      descending: true,
      limit: skipped + limit + inTheWay,
    })) {
      const id = idOf(item);
      if (!leftOut.has(id)) ids.push(id);
      if (ids.length === skipped + limit) break;
    }
    return ids.slice(skipped);
  }

  async function allFrom(tenant: Tenant, { latestId, skipped }: Beginning, limit: number): Promise<Invitation[]> {
    const found: Invitation[] = [];
    let seen = 0;
    for await (const item of table.queryAll({
      partition: partitionOf('invitation', { organization: tenant.organizationId }),
      between: [
        `${sortKeyPrefixOf('invitation')}${paddedNumber(0)}`,
        invitationKey(tenant.organizationId, latestId).sk,
      ],
      descending: true,
      limit: skipped + limit,
    })) {
      if (seen >= skipped) found.push(readInvitation(item));
      seen += 1;
      if (found.length === limit) break;
    }
    return found;
  }

  async function page(tenant: Tenant, { status, now, offset, limit, opened }: InvitationQuery) {
    if (status !== undefined && isUnansweredStatus(status)) {
      const ids = (await unanswered(tenant.organizationId, status, now)).sort((one, other) => other - one);
      const invitations = await getMany(tenant, ids.slice(offset, offset + limit));
      return { invitations: invitations.filter((found) => shownStatus(found, now) === status), total: ids.length };
    }
    const list = status === 'expired' ? 'open' : status;
    const begun = opened && openedCounts.get(opened);
    const { days, withTime: leftOut } = await (begun ?? readCounts(tenant.organizationId, { status, now }));
    const leftOutByDay = Map.groupBy(leftOut, (id) => dayOf(momentOf(id)));
    const counts = days.map((of) => ({
      day: of.day,
      count:
        list === undefined
          ? invitationLists.reduce((sum, name) => sum + of[name], 0)
          : of[list] - (leftOutByDay.get(of.day)?.length ?? 0),
    }));
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    const beginning = beginningOf(counts, offset);
    if (!beginning) return { invitations: [], total };
    const invitations =
      list === undefined
        ? await allFrom(tenant, beginning, limit)
        : await getMany(tenant, await idsFrom(tenant, list, beginning, limit, leftOut));
    return { invitations, total };
  }

  return {
    open(organizationId, { status, now }) {
      if (status !== undefined && isUnansweredStatus(status)) return undefined;
      const list: OpenedInvitations = { organizationId };
      const counts = readCounts(organizationId, { status, now });
      // Whoever asks for the page hears of it; where nobody does, nobody need.
      counts.catch(() => undefined);
      openedCounts.set(list, counts);
      return list;
    },

    page,

    async countWaiting(tenant, now) {
      const waiting = (['pending', 'sent'] as const).map((status) =>
        table.count(unansweredQuery(tenant.organizationId, status, now)),
      );
      return (await Promise.all(waiting)).reduce((sum, count) => sum + count, 0);
    },
  };
}

/** Where a page begins; undefined past the end. */
function beginningOf(counts: readonly DayCount[], offset: number): Beginning | undefined {
  let before = 0;
  for (const { day, count } of counts) {
    if (offset < before + count) {
      return { latestId: lastIdentifierBefore(Date.parse(day) + dayMilliseconds), skipped: offset - before };
    }
    before += count;
  }
  return undefined;
}
