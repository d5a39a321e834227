import type { Organization } from './organization.ts';

/** Where an organization stands: the link that is true, and what it remembers of the way up. */
export type Place = Pick<Organization, 'id' | 'parentId' | 'ancestors'>;

/** The levels of a hierarchy, the root being the first. */
export const levelsMax = 10;

/**
 * The organizations above, the root first.
 *
 * What counts is each organization's link to its parent, so moving a subtree of any size is one write, of its top. The
 * way up that an organization remembers (`ancestors`) only says what to read at once: it is held against the links, and
 * where it is out of date (a job brings it up to date after a move) the way is walked anew until two readings of it
 * agree. So nobody ever sees a mixture of two places.
 *
 * @param read Reads organizations, deleted ones too; one call, one round trip. One call suffices unless something has
 * just moved.
 */
export async function pathOf<Found extends Place>(
  organization: Place,
  read: (ids: readonly number[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  if (organization.parentId === null) return [];
  let expected = organization.ancestors;
  for (;;) {
    const path = await walk(organization, expected, read);
    const found = path.map(({ id }) => id);
    if (found.length === expected.length && found.every((id, at) => id === expected[at])) return path;
    expected = found;
  }
}

/** Follows the links upwards from what is read at once, reading more where they lead elsewhere. */
async function walk<Found extends Place>(
  organization: Place,
  expected: readonly number[],
  read: (ids: readonly number[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const known = new Map<number, Found | undefined>();
  const learn = async (ids: readonly number[]) => {
    for (const id of ids) known.set(id, undefined);
    for (const found of await read(ids)) known.set(found.id, found);
  };
  await learn(expected);
  const path: Found[] = [];
  let at: Place = organization;
  while (at.parentId !== null && path.length < levelsMax) {
    if (!known.has(at.parentId)) await learn([...new Set([...at.ancestors, at.parentId])]);
    const parent = known.get(at.parentId);
    if (!parent) break;
    path.unshift(parent);
    at = parent;
  }
  return path;
}
