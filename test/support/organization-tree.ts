import { organizationAttributes } from '../../shared/data/items.ts';
import { childNameKey } from '../../shared/data/order-keys.ts';
import { organizationKey } from '../../shared/data/organization-store.ts';
import { keyOf } from '../../shared/data/table.ts';
import type { StoredItem } from '../../shared/data/transaction.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { services } from '../../shared/runtime/services.ts';

/**
 * Puts a tree of organizations without members below `top`, level by level, as the API would have left it: `widths[0]`
 * children of `top`, `widths[1]` children of each of them, and so on.
 */
export async function growTree(top: Organization, widths: readonly number[]): Promise<Organization[]> {
  const made: Organization[] = [];
  const items: StoredItem[] = [];
  const levels = widths.length;
  let next = services().newId();
  const grow = (parent: Organization, level: number): void => {
    const children = widths[level] ?? 0;
    items.push({
      ...organizationKey(parent.id),
      ...organizationAttributes({
        ...parent,
        levelsBelow: levels - level,
        counters: { ...parent.counters, children },
      }),
    });
    for (let at = 0; at < children; at += 1) {
      next += 1;
      const child: Organization = {
        ...top,
        id: next,
        name: `Level ${level + 1} number ${at}`,
        parentId: parent.id,
        ancestors: [...parent.ancestors, parent.id],
        counters: { ...parent.counters, members: 0, activeMembers: 0, activeOwners: 0, children: 0 },
      };
      made.push(child);
      items.push({
        ...keyOf('child', { organization: parent.id, child: child.id }),
        kind: 'child',
        childId: child.id,
        nameKey: childNameKey(child.name, child.id),
      });
      grow(child, level + 1);
    }
  };
  grow(top, 0);
  await services().table.putAll(items);
  return made;
}
