import { readToken } from '../../shared/domain/access/tokens.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { hourMilliseconds, toIso } from '../../shared/domain/timestamp.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { passwordHashOf } from '../functions/auth/passwords.ts';
import { changeState } from '../support/changed-rights.ts';
import type { ApiAnswer, ApiRequest } from '../support/in-process-api.ts';
import { anInvitation } from '../support/invitations.ts';
import { aMailedLink } from '../support/mailed-links.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';

/** What there is for an operation to work on: who asks, and what is called how. */
export interface PreparedWorld {
  readonly session: Record<string, string>;
  readonly key: Record<string, string>;
  /** Ids, addresses and tokens of what is there, by the names that drawn values use for them. */
  readonly named: Readonly<Record<string, string | number>>;
}

export const password = 'Correct-Horse-7';

type Call = (request: ApiRequest) => Promise<ApiAnswer>;

interface Ground {
  readonly call: Call;
  readonly owner: User;
  readonly organization: Organization;
  readonly session: Record<string, string>;
}

/** What an operation needs beyond the ground: it answers the names of what it has made. */
const prepared: Readonly<Record<string, (ground: Ground) => Promise<PreparedWorld['named']>>> = {
  'platform.organization.restore': async ({ organization }) => {
    await changeState(organization, { deletedAt: Date.now() });
    return {};
  },
  'platform.wallet.charge': async ({ call, organization, session }) => {
    const path = `/api/admin/organizations/${organization.id}/credit`;
    const body = { amount: 1_000_000 };
    await call({ method: 'POST', path, headers: { ...session, 'idempotency-key': 'ground' }, body });
    return {};
  },
  'platform.invitation.read': invitation,
  'platform.invitation.accept': invitation,
  'platform.invitation.revoke': invitation,
  'platform.invitation.resend': invitation,
  'platform.member.update': workspace,
  'platform.workspace.read': workspace,
  'platform.workspace.update': workspace,
  'platform.workspace.delete': workspace,
  'accounts.account.leave': secondOwner,
  'accounts.account.leave_by_get': secondOwner,
  'accounts.user.add': async ({ organization }) => ({
    other: (await somebody({ homeOrganizationId: organization.id })).id,
  }),
  'organization-admin.organization.update': anotherParent,
  'hierarchy.organization.update': anotherParent,
  'auth.session.login': async ({ owner }) => ({ freshEmail: owner.email }),
  'auth.session.refresh': async ({ call, owner }) => {
    const { body } = await call({ method: 'POST', path: '/auth/login', body: { email: owner.email, password } });
    return { refreshToken: body.refresh_token };
  },
  'auth.password.reset': async ({ owner }) => ({
    token: (await aMailedLink(owner.email, { purpose: 'password-reset' }, owner)).token,
  }),
  'auth.registration.verify': async () => {
    const person = { firstName: 'Rea', lastName: 'New', passwordHash: 'x' };
    return { token: (await aMailedLink('registered@example.com', { purpose: 'registration', ...person })).token };
  },
};

/** Whether there is something beside the ground, made for this operation. */
export const needsMore = (operationId: string): boolean => operationId in prepared;

/** An organization, its owner, who administers the platform too, and another member, with what the operation needs. */
export async function prepareWorld(operationId: string, call: Call): Promise<PreparedWorld> {
  const owner = await somebody({ isPlatformAdministrator: true, passwordHash: await passwordHashOf(password) });
  const organization = await anOrganization(owner);
  const other = await somebody({ homeOrganizationId: organization.id });
  const [session, key] = await Promise.all([
    signedIn(owner),
    aCredential(organization, owner),
    aMember(organization, other, ['VIEWER']),
  ]);
  const more = await prepared[operationId]?.({ call, owner, organization, session });
  return {
    session,
    key,
    named: {
      organization: organization.id,
      user: owner.id,
      other: other.id,
      email: other.email,
      ownEmail: owner.email,
      freshEmail: `fresh-${organization.id}@example.com`,
      freshDomain: `domain-${organization.id}.example.com`,
      credential: readToken('id', key['client-id'])?.ids[1] ?? 0,
      now: toIso(Date.now()),
      soon: toIso(Date.now() + hourMilliseconds),
      ...more,
    },
  };
}

async function invitation({ organization }: Ground): Promise<PreparedWorld['named']> {
  const { invitation: made, token } = await anInvitation(organization, `invited-${organization.id}@example.com`);
  return { invitation: made.id, inviteToken: token };
}

async function workspace({ organization, call, session }: Ground): Promise<PreparedWorld['named']> {
  const path = `/api/organizations/${organization.id}/workspaces`;
  const { body } = await call({ method: 'POST', path, headers: session, body: { name: 'Ground' } });
  return { workspace: body.data.id };
}

async function anotherParent({ owner }: Ground): Promise<PreparedWorld['named']> {
  return { parent: (await anOrganization(owner)).id };
}

async function secondOwner({ organization }: Ground): Promise<PreparedWorld['named']> {
  await aMember(organization, await somebody(), ['OWNER']);
  return {};
}
