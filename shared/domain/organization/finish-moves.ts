import { tenantWithoutCaller } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { Organization } from './organization.ts';
import type { OrganizationStore, UnfinishedMove } from './organization-store.ts';
import { pathOf } from './path.ts';

/** A transaction takes so many organizations, those that are changed and those on the ways down to them. */
const organizationsInOneStepMax = 90;

/** An organization that is to remember its way up, the root first. */
interface Way {
  readonly organization: Organization;
  readonly above: readonly Organization[];
}

/**
 * Lets everything below an organization that has moved remember its new way up. Each step is a transaction with the
 * condition that the way is still the one it writes; so it may be stopped anywhere, run again, and run twice at once.
 *
 * @param commit Makes true what `write` adds; throws where something was moved meanwhile, and the next run begins anew.
 */
export async function finishMove(
  store: OrganizationStore,
  move: UnfinishedMove,
  commit: (write: (changes: Changes) => void, organizations: number) => Promise<void>,
): Promise<void> {
  const [top] = await store.getManyEvenIfDeleted([move.organizationId]);
  let parents: Way[] = top ? [{ organization: top, above: await pathOf(top, store.getManyEvenIfDeleted) }] : [];
  while (parents.length > 0) {
    const ways = await waysBelow(store, parents);
    const outdated = ways.filter(
      ({ organization, above }) => organization.ancestors.join() !== above.map(({ id }) => id).join(),
    );
    for (const step of stepsOf(outdated)) {
      await commit((changes) => remember(store, changes, step), step.length);
    }
    parents = ways.filter(({ organization }) => organization.counters.children > 0);
  }
  await commit((changes) => store.moveFinished(changes, move), 0);
}

async function waysBelow(store: OrganizationStore, parents: readonly Way[]): Promise<Way[]> {
  const byId = new Map(parents.map((way) => [way.organization.id, way]));
  const children = await store.getManyEvenIfDeleted(await store.childrenOf([...byId.keys()]));
  return children.flatMap((organization) => {
    const parent = byId.get(organization.parentId ?? 0);
    return parent ? [{ organization, above: [...parent.above, parent.organization] }] : [];
  });
}

/** Puts what shares its way up into one step, as far as there is room. */
function* stepsOf(ways: readonly Way[]): Generator<readonly Way[]> {
  let step: Way[] = [];
  let touched = new Set<number>();
  for (const way of ways) {
    const wanted = new Set([...touched, way.organization.id, ...way.above.map(({ id }) => id)]);
    if (wanted.size > organizationsInOneStepMax) {
      yield step;
      step = [];
      touched = new Set([way.organization.id, ...way.above.map(({ id }) => id)]);
    } else {
      touched = wanted;
    }
    step.push(way);
  }
  if (step.length > 0) yield step;
}

function remember(store: OrganizationStore, changes: Changes, step: readonly Way[]): void {
  const links = new Map<number, Organization>();
  for (const { organization, above } of step) {
    store.change(changes, tenantWithoutCaller(organization.id), {
      set: { ancestors: above.map(({ id }) => id) },
      evenIfDeleted: true,
    });
    for (const link of [organization, ...above]) links.set(link.id, link);
  }
  for (const link of links.values()) store.requireAsRead(changes, link, ['parentId']);
}
