import { tenantWithoutCaller } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import type { Work } from '../work.ts';
import type { Organization } from './organization.ts';
import { levelsMax, pathOf } from './path.ts';

/** The way down to a parent, which it ends with: where something below it is to stand. */
export async function wayDownTo({ stores }: Work, parent: Organization): Promise<Organization[]> {
  return [...(await pathOf(parent, stores.organizations.getManyEvenIfDeleted)), parent];
}

/**
 * Makes room for something at the end of a way down: the way must be, when this is committed, what it was when it was
 * read, and every organization on it knows how far down its subtree reaches. So a cycle, or a level too many, cannot
 * come about by two changes at once either. That the parent takes changes is settled outside.
 *
 * @param way As `wayDownTo` found it.
 * @param levels Of what is placed, itself included.
 * @throws `hierarchy_too_deep`
 */
export function placeBelow({ stores, changes }: Work, way: readonly Organization[], levels: number): void {
  if (way.length + levels > levelsMax) throw new DomainError('hierarchy_too_deep');
  for (const [at, above] of way.entries()) {
    stores.organizations.requireAsRead(changes, above, ['parentId', 'levelsBelow']);
    const levelsBelow = way.length - 1 - at + levels;
    if (above.levelsBelow >= levelsBelow) continue;
    stores.organizations.change(changes, tenantWithoutCaller(above.id), { set: { levelsBelow }, evenIfDeleted: true });
  }
}
