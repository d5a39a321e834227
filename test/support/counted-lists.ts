import { expect } from 'vitest';
import { placeIn } from '../../shared/data/list-changes.ts';
import * as listKeys from '../../shared/data/list-keys.ts';
import { stretchOf } from '../../shared/data/list-place.ts';
import { type Block, type Sheet, stretchesOn } from '../../shared/data/list-sheets.ts';
import { readBlocks, readListView } from '../../shared/data/list-view.ts';
import { memberOrders } from '../../shared/data/order-keys.ts';
import type { MemberOrder } from '../../shared/domain/member/member-list-store.ts';
import type { Membership } from '../../shared/domain/member/membership.ts';
import { services } from './all-services.ts';

/**
 * Checks what must hold for the lists of an organization once they are kept: the counts are those of its members, stretch
 * by stretch, no stretch is too large, and nothing else is kept of the list.
 */
export async function expectCountsToHold(
  organizationId: number,
  members: readonly Membership[],
  orders: readonly MemberOrder[] = memberOrders,
): Promise<void> {
  for (const order of orders) {
    const list = { organizationId, order };
    const view = await readListView(services().table, list);
    expect(view?.changes).toEqual([]);
    const parts = view?.parts ?? [];
    const blocks: Block[] = [];
    const sheets: Sheet<Block>[] = [];
    for (const [at, part] of parts.entries()) {
      const ownSheets = view && (await readBlocks(services().table, view, at));
      const own = stretchesOn(ownSheets ?? []);
      sheets.push(...(ownSheets ?? []));
      expect(own.length, `${order}: blocks of a part`).toBe(part.blocks);
      expect(own[0]?.from, `${order}: where a part begins`).toBe(part.from);
      expect(own.reduce((sum, { count }) => sum + count, 0)).toBe(part.count);
      blocks.push(...own);
    }
    const counted = blocks.map(() => 0);
    for (const member of members) {
      const at = stretchOf(blocks, placeIn(order, member) ?? '');
      counted[at] = (counted[at] ?? 0) + 1;
    }
    expect(
      blocks.map(({ count }) => count),
      `${order}: counts of blocks`,
    ).toEqual(counted);
    expect(Math.max(...counted), `${order}: the largest block`).toBeLessThanOrEqual(32);
    expect(Math.max(...parts.map((part) => part.blocks)), `${order}: the largest part`).toBeLessThanOrEqual(128);

    for (const { from, stretches } of [...(view?.sheets ?? []), ...sheets]) {
      expect(stretches[0]?.from, `${order}: where a sheet begins`).toBe(from);
      expect(stretches.length, `${order}: the largest sheet`).toBeLessThanOrEqual(16);
    }

    const kept: string[] = [];
    for await (const { sk } of services().table.queryAll({ partition: listKeys.partition(list) })) {
      kept.push(String(sk));
    }
    const keys = [
      listKeys.begin(list),
      listKeys.until(list),
      ...(view?.sheets ?? []).map(({ from }) => listKeys.parts(list, from)),
      ...sheets.map(({ from }) => listKeys.blocks(list, from)),
    ];
    expect(kept.sort(), `${order}: all that is kept`).toEqual(keys.map(({ sk }) => sk).sort());
  }
}
