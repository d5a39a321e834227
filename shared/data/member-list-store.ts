import type { Tenant } from '../domain/access/tenant.ts';
import type { MemberListStore, MemberOrder, OpenedList } from '../domain/member/member-list-store.ts';
import type { Membership } from '../domain/member/membership.ts';
import { readMembership } from './items.ts';
import { uncountedMembersMax } from './list-changes.ts';
import { orderKeyOf, type Place } from './list-place.ts';
import { findPlace, type ListView, membersOf, readListView } from './list-view.ts';
import { memberIndexOf, memberOrderEnd, memberOrderPrefix } from './order-keys.ts';
import { partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';

/** A page with so few members before it, or after it, is read from that end. */
const skippedMax = 64;

/** How often a place is looked for in a list that changes meanwhile. */
const lookingsMax = 5;

export function memberListStore(table: TableClient): MemberListStore {
  const views = new WeakMap<OpenedList, Promise<ListView | undefined>>();

  /** So many members in their order, from one end or from a place within, without the first few. */
  async function membersFrom(
    tenant: Tenant,
    order: MemberOrder,
    where: { readonly from?: Place; readonly descending?: boolean; readonly skipped: number; readonly count: number },
  ): Promise<Membership[]> {
    const { from, descending = false, skipped, count } = where;
    const found: Membership[] = [];
    let seen = 0;
    for await (const item of table.queryAll({
      partition: partitionOf('membership', { organization: tenant.organizationId }),
      index: memberIndexOf(order),
      ...(from === undefined
        ? { beginsWith: memberOrderPrefix }
        : { between: [orderKeyOf(from), memberOrderEnd] as const }),
      descending,
      limit: skipped + count,
    })) {
      if (seen >= skipped) found.push(readMembership(item));
      seen += 1;
      if (found.length === count) break;
    }
    return found;
  }

  /** Where to begin to read for the member at this offset; undefined where the list is not counted. */
  async function placeAt(
    opened: Promise<ListView | undefined>,
    list: { readonly organizationId: number; readonly order: MemberOrder },
    offsetIn: (view: ListView) => number,
  ) {
    let view = await opened;
    for (let looking = 1; view && looking <= lookingsMax; looking += 1) {
      const place = await findPlace(table, view, offsetIn(view));
      if (place) return place;
      view = await readListView(table, list);
    }
    return undefined;
  }

  return {
    open(organizationId, { order, offset }) {
      if (offset <= skippedMax) return undefined;
      const list: OpenedList = { organizationId, order };
      const view = readListView(table, list);
      // Whoever asks for the page hears of it; where nobody does, nobody need.
      view.catch(() => undefined);
      views.set(list, view);
      return list;
    },

    async page(tenant, { order, descending, offset, limit, total, list }) {
      const count = Math.max(0, Math.min(limit, total - offset));
      if (count === 0) return [];
      const after = total - offset - count;
      // From whichever end is nearer.
      const fromEnd = after < offset;
      const skipped = fromEnd ? after : offset;
      if (total > uncountedMembersMax && skipped > skippedMax) {
        const name = { organizationId: tenant.organizationId, order };
        const isThis = list?.organizationId === name.organizationId && list.order === order;
        const opened = (isThis && views.get(list)) || readListView(table, name);
        const place = await placeAt(opened, name, (view) =>
          descending ? Math.max(0, membersOf(view) - offset - count) : offset,
        );
        if (place) {
          const found = await membersFrom(tenant, order, { ...place, count });
          return descending ? found.reverse() : found;
        }
      }
      const found = await membersFrom(tenant, order, { descending: descending !== fromEnd, skipped, count });
      return fromEnd ? found.reverse() : found;
    },
  };
}
