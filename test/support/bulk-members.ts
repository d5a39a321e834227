import { putFirstVersion, readPlaces } from '../../shared/data/list-builder.ts';
import { uncountedMembersMax } from '../../shared/data/list-changes.ts';
import { beginToCount } from '../../shared/data/list-keeper.ts';
import type { List } from '../../shared/data/list-keys.ts';
import { comparePlaces, placeOf } from '../../shared/data/list-place.ts';
import { memberIndexOf, memberOrders } from '../../shared/data/order-keys.ts';
import { organizationKey } from '../../shared/data/organization-store.ts';
import { type Rule, type StoredItem, transactionOf } from '../../shared/data/transaction.ts';
import type { Role } from '../../shared/domain/access/roles.ts';
import type { Changes } from '../../shared/domain/changes.ts';
import { countersOf } from '../../shared/domain/member/member-counters.ts';
import { type Membership, newMembership } from '../../shared/domain/member/membership.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { services } from './all-services.ts';

const roles = ['CONTRIBUTOR', 'VIEWER', 'CONTRIBUTOR', 'ACCOUNTING', 'CONTRIBUTOR', 'ADMIN'] as const satisfies Role[];
const firstNames = ['Ann', 'Bo', 'Carla', 'Dmitri', 'Émile', 'Fatima', 'Grace', 'Hiro', 'Ines', 'Jozhan', 'Kofi', 'Li'];
const lastNames = [
  'Adams',
  'Berg',
  'Cohen',
  'Díaz',
  'Eze',
  'Fischer',
  'García',
  'Huang',
  'Ito',
  'Jansen',
  'Khan',
  'Lee',
];

/** The person with this number, made at this moment, homed in the organization. Ids grow with the numbers. */
export function personOf(organization: Organization, at: number, now: number): User {
  const pick = (from: readonly string[], by: number) => from[(at * by + (at >> 3)) % from.length] ?? '';
  return {
    id: organization.id + 1 + at,
    email: `${pick(firstNames, 7)
      .toLowerCase()
      .normalize('NFD')
      .replace(/\P{ASCII}/gu, '')}.${at}.${organization.id}@example.com`,
    firstName: pick(firstNames, 7),
    middleName: null,
    lastName: pick(lastNames, 5),
    suffix: null,
    passwordHash: null,
    isVerified: true,
    isLocked: false,
    deletedAt: null,
    isPlatformAdministrator: false,
    homeOrganizationId: organization.id,
    sessionEpoch: 1,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * Gives an organization whose lists are not counted so many more members, past the transactions: the same items as the
 * API leaves, its lists counted by what was put, since the embedded engine takes seconds for each page of a large index.
 * Nobody else may write meanwhile. Without people, which a list does not read: only what is the organization's.
 */
export async function addMembersInBulk(
  organization: Organization,
  count: number,
  { withPeople = true, now = Date.now() }: { readonly withPeople?: boolean; readonly now?: number } = {},
): Promise<void> {
  const { table } = services();
  const atOnce = 1_000;
  const sums = new Map<string, number>();
  const lists = await Promise.all(
    memberOrders.map(async (order) => {
      const list: List = { organizationId: organization.id, order };
      return { list, index: memberIndexOf(order), places: await readPlaces(table, list) };
    }),
  );
  for (let first = 0; first < count; first += atOnce) {
    const items: StoredItem[] = [];
    for (let at = first; at < Math.min(first + atOnce, count); at += 1) {
      const user = personOf(organization, at, now);
      const membership = newMembership(organization.id, user, [roles[at % roles.length] ?? 'VIEWER'], now + (at >> 2));
      const made = itemsOf(user, membership);
      for (const { index, places } of lists) {
        places.push(
          ...made.flatMap((item) => (item.kind === 'membership' ? [placeOf(String(item[index.sortKey]))] : [])),
        );
      }
      items.push(...(withPeople ? made : made.filter(({ kind }) => kind === 'membership')));
      for (const [name, by] of Object.entries(countersOf(membership))) sums.set(name, (sums.get(name) ?? 0) + by);
    }
    await putSideBySide(items);
  }
  await table.update(organizationKey(organization.id), { add: Object.fromEntries(sums) });
  if ((lists[0]?.places.length ?? 0) <= uncountedMembersMax) return;
  await beginToCount(table, organization.id, now);
  for (const { list, places } of lists) {
    const rule: Rule = { field: 'version', is: 'absentOrBelow', value: 1, otherwise: 'retry' };
    await putFirstVersion(table, list, places.sort(comparePlaces), rule);
  }
}

/** What the store would write of a new person. */
export function userItems(user: User): StoredItem[] {
  return itemsPut((changes) => services().stores.users.create(changes, user));
}

/** What the stores would write of a new person and a membership. */
function itemsOf(user: User, membership: Membership): StoredItem[] {
  return itemsPut((changes) => {
    services().stores.users.create(changes, user);
    services().stores.members.add(changes, membership, user);
  });
}

function itemsPut(write: (changes: Changes) => void): StoredItem[] {
  const changes = services().openChanges({ email: '', credentialId: null });
  write(changes);
  return transactionOf(changes)
    .all()
    .flatMap((each) => (each.type === 'put' ? [each.item] : []));
}

async function putSideBySide(items: readonly StoredItem[]): Promise<void> {
  const lanes = 4;
  const size = Math.ceil(items.length / lanes);
  const slices = Array.from({ length: lanes }, (_, lane) => items.slice(lane * size, (lane + 1) * size));
  await Promise.all(slices.map((slice) => services().table.putAll(slice)));
}
