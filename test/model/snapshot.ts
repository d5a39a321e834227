import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import { services } from '../support/all-services.ts';
import { childrenOf, isThere, type Model } from './reference-model.ts';
import type { World } from './world.ts';

/** Everything of one living organization that can be seen, in the names of the model. */
export interface Seen {
  readonly name: string;
  readonly status: string;
  readonly parent: string | null;
  readonly members: readonly {
    readonly person: string;
    readonly roles: readonly string[];
    readonly status: string;
    readonly workspaces: readonly string[];
    readonly bytesLimit: number | null;
    readonly bytesUsed: number;
  }[];
  /** As another dialect lists them. */
  readonly users: readonly string[];
  readonly invitations: readonly string[];
  readonly customizations: Readonly<Record<string, unknown>>;
  readonly keys: readonly string[];
  readonly workspaces: readonly string[];
  readonly children: readonly string[];
  readonly tags: readonly string[];
  readonly wallet: { readonly balance: number; readonly smsPoints: number };
  /** The oldest first. */
  readonly ledger: readonly { readonly type: string; readonly amount: number; readonly balanceAfter: number }[];
}

/** Counters, of which nothing in the model knows: they have to say what the lists say. */
export type Counters = Readonly<Record<string, number | null>>;

/** An organization of the model as it has to be seen. */
export function expectedOf(model: Model, name: string): Seen {
  const organization = model.organizations[name];
  if (!organization) throw new Error(`There is no ${name}.`);
  const there = Object.entries(organization.members).filter(([person]) => isThere(model, person));
  const members = there.sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    name: organization.name,
    status: organization.status,
    parent: organization.parent,
    members: members.map(([person, { roles, isActive, workspaces, bytesLimit, bytesUsed }]) => ({
      person,
      roles,
      status: model.people[person]?.isLocked ? 'locked' : isActive ? 'active' : 'inactive',
      workspaces: workspaces.filter((workspace) => organization.workspaces[workspace] !== undefined).sort(),
      bytesLimit,
      bytesUsed,
    })),
    users: members.map(([person, { roles, isActive }]) => `${person} ${roles[0]} ${isActive}`),
    invitations: Object.values(organization.invitations)
      .map(
        ({ email, roles, status, isOver }) =>
          `${email} ${roles} ${status === 'pending' && isOver ? 'expired' : status}`,
      )
      .sort(),
    customizations: organization.customizations,
    keys: [
      ...new Set(Object.values(model.keys).flatMap((key) => (key.organization === name && key.works ? [key.of] : []))),
    ].sort(),
    workspaces: Object.values(organization.workspaces).sort(),
    children: childrenOf(model, name).sort(),
    tags: organization.tags,
    wallet: { balance: organization.balance, smsPoints: organization.smsPoints },
    ledger: organization.ledger,
  };
}

/** The same organization as the API shows it to a platform administrator, with its counters. */
export async function look(world: World, name: string): Promise<{ seen: Seen; counters: Counters }> {
  const id = world.idOf(name);
  const read = async (path: string) => {
    const answer = await world.call('administrator', { method: 'GET', path });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const platform = `/api/organizations/${id}`;
  const [
    organization,
    members,
    users,
    invitations,
    workspaces,
    children,
    tags,
    customizations,
    keys,
    wallet,
    ledger,
    summary,
    stored,
  ] = await Promise.all([
    read(`/orgs/${id}`),
    read(`${platform}/members?per_page=100`),
    read(`/organizations/${id}/users?page_size=100&sort_by=email`),
    read(`${platform}/invitations?per_page=100`),
    read(`${platform}/workspaces`),
    read(`/orgs/${id}/children?limit=100`),
    read(`/orgs/${id}/tags`),
    read(`/orgs/${id}/customizations`),
    read(`/orgs/${id}/api_keys`),
    read(`${platform}/wallet`),
    read(`${platform}/wallet/transactions?per_page=100`),
    read(`/organizations/${id}/summary`),
    services().stores.memberLists.page(tenantWithoutCaller(id), {
      order: 'joining',
      descending: false,
      offset: 0,
      limit: 100,
      total: 100,
    }),
  ]);
  const nameOfUser = (user: unknown) => world.nameOf('user', user);
  const storage = new Map(stored.map((member) => [member.userId, member]));
  return {
    seen: {
      name: organization.name,
      status: organization.status,
      parent: organization.parent_org_id && world.nameOf('organization', organization.parent_org_id),
      members: members.data
        // biome-ignore lint/suspicious/noExplicitAny: an answer.
        .map((member: any) => ({
          person: nameOfUser(member.userId),
          roles: member.roles.map((role: { name: string }) => role.name),
          status: member.status,
          workspaces: member.workspaces.map((workspace: string) => world.nameOf('workspace', workspace)).sort(),
          bytesLimit: storage.get(member.id)?.bytesLimit ?? null,
          bytesUsed: storage.get(member.id)?.bytesUsed ?? 0,
        }))
        .sort((one: { person: string }, other: { person: string }) => (one.person < other.person ? -1 : 1)),
      users: users.content
        .map(
          (user: { id: number; role: string; is_active: boolean }) =>
            `${nameOfUser(user.id)} ${user.role} ${user.is_active}`,
        )
        .sort(),
      invitations: invitations.data
        .map(
          ({ email, roles, status }: { email: string; roles: number[]; status: string }) =>
            `${world.nameOfEmail(email)} ${roles.map(roleOf)} ${status}`,
        )
        .sort(),
      customizations,
      keys: keys.map((key: { id: string }) => world.nameOf('credential', key.id)).sort(),
      workspaces: workspaces.data.map((workspace: { name: string }) => workspace.name).sort(),
      children: children.children.map((child: { id: string }) => world.nameOf('organization', child.id)).sort(),
      tags,
      wallet: { balance: wallet.data.balance, smsPoints: wallet.data.smsPoints },
      ledger: ledger.data
        .map(({ type, amount, balanceAfter }: Seen['ledger'][number]) => ({ type, amount, balanceAfter }))
        .reverse(),
    },
    counters: {
      ...Object.fromEntries(summary.map(({ metric, value }: { metric: string; value: number }) => [metric, value])),
      listed_members: members.pagination.total,
      listed_users: users.total_elements,
      listed_invitations: invitations.pagination.total,
      listed_children: children.total,
      listed_transactions: ledger.pagination.total,
    },
  };
}

const roleOf = (id: number) => ['', 'OWNER', 'ADMIN', 'CONTRIBUTOR', 'ACCOUNTING', 'VIEWER'][id];

/** What the counters have to be by what is listed. */
export function countersOf({ members, invitations, workspaces, children, wallet, ledger }: Seen): Counters {
  const isUnlimited = members.some(({ bytesLimit }) => bytesLimit === null);
  return {
    members: members.length,
    active_members: members.filter(({ status }) => status === 'active').length,
    pending_invitations: invitations.filter((invitation) => invitation.endsWith(' pending')).length,
    workspaces: workspaces.length,
    children: children.length,
    storage_bytes_used: members.reduce((sum, { bytesUsed }) => sum + bytesUsed, 0),
    storage_bytes_limit: isUnlimited ? null : members.reduce((sum, { bytesLimit }) => sum + (bytesLimit ?? 0), 0),
    api_calls_this_month: 0,
    wallet_balance: ledger.reduce((sum, { type, amount }) => sum + (type === 'credit' ? amount : -amount), 0),
    sms_points: wallet.smsPoints,
    listed_members: members.length,
    listed_users: members.length,
    listed_invitations: invitations.length,
    listed_children: children.length,
    listed_transactions: ledger.length,
  };
}
