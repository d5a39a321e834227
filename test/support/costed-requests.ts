import { randomUUID } from 'node:crypto';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { startSession } from '../../shared/domain/session/start-session.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { passwordHashOf } from '../functions/auth/passwords.ts';
import { services } from './all-services.ts';
import { addMembersInBulk } from './bulk-members.ts';
import type { ApiAnswer, ApiRequest } from './in-process-api.ts';
import { anInvitation } from './invitations.ts';
import { aMailedLink } from './mailed-links.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from './people-and-organizations.ts';

type Headers = Readonly<Record<string, string>>;

/** What requests are measured in: an organization of some size, and those who ask. */
export interface CostGround {
  readonly call: (request: ApiRequest) => Promise<ApiAnswer>;
  readonly members: number;
  readonly organization: Organization;
  readonly owner: User;
  readonly session: Headers;
  readonly key: Headers;
  readonly administrator: Headers;
}

/** What a request says beside the organization that it names and the credential that its endpoint asks for. */
export interface CostedRequest {
  /** Path parameters. */
  readonly named?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  readonly headers?: Headers;
  readonly body?: unknown;
}

const password = 'Correct horse battery staple 1';
const author = { email: 'test@example.com', credentialId: null };
const context = () => ({ requestId: `cost-${services().newId()}`, ip: '127.0.0.1', now: Date.now() });

/** Makes the organization, with so many members. */
export async function openCostGround(call: CostGround['call'], members: number): Promise<CostGround> {
  const owner = await somebody();
  const organization = await anOrganization(owner);
  await addMembersInBulk(organization, members - 1, { withPeople: false });
  return {
    call,
    members,
    organization,
    owner,
    session: await signedIn(owner),
    key: await aCredential(organization, owner),
    administrator: await signedIn(await somebody({ isPlatformAdministrator: true })),
  };
}

/** A new member of the organization, who is homed there. */
async function aColleague({ organization }: CostGround): Promise<User> {
  const passwordHash = await passwordHashOf(password);
  const user = await somebody({ homeOrganizationId: organization.id, passwordHash });
  await aMember(organization, user, ['CONTRIBUTOR']);
  return user;
}

/** What a new member signs in with. */
async function aSession(ground: CostGround) {
  const user = await aColleague(ground);
  const { openChanges, commit, now, newId, randomBytes: random, settings, stores } = services();
  const changes = openChanges(author);
  const of = context();
  const { accessToken, refreshToken } = startSession(
    { newId, randomBytes: random, settings, stores, ...of, changes },
    user,
  );
  await commit(changes, { ...of, now: now() });
  return { user, refreshToken, headers: { authorization: `Bearer ${accessToken}` } };
}

/** The answer to a request of the organization's owner that prepares another. */
async function done({ call, session }: CostGround, method: string, path: string, body: object) {
  const answer = await call({ method, path, headers: session, body });
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

async function aWorkspace(ground: CostGround): Promise<string> {
  const body = { name: `Workspace ${randomUUID()}` };
  return (await done(ground, 'POST', `/api/organizations/${ground.organization.id}/workspaces`, body)).data.id;
}

const anApiKey = async (ground: CostGround) =>
  (await done(ground, 'POST', `/orgs/${ground.organization.id}/api_keys`, { name: 'A key' })).id;

/** A file as a browser would send it. */
async function aFile(): Promise<CostedRequest> {
  const image = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(200)]);
  const form = new FormData();
  form.append('file', new Blob([image], { type: 'image/png' }), 'avatar.png');
  const request = new Request('http://localhost', { method: 'POST', body: form });
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  return { headers, body: Buffer.from(await request.arrayBuffer()) };
}

const anAddress = () => `somebody-${randomUUID()}@example.com`;
const nothing = (): CostedRequest => ({});
const memberOf =
  (parameter: string, of: CostedRequest = {}) =>
  async (ground: CostGround): Promise<CostedRequest> => ({
    ...of,
    named: { [parameter]: (await aColleague(ground)).id },
  });
const asMember = async (ground: CostGround): Promise<CostedRequest> => ({ headers: (await aSession(ground)).headers });
/** The page in the middle of the list, which is the dearest. */
const middlePage = ({ members }: CostGround, size: number) => Math.ceil(members / size) >> 1;
const newcomer = { first_name: 'Ada', last_name: 'Byron' };

/**
 * A request to each endpoint that does what the endpoint is there for, with the least that this takes: no
 * Idempotency-Key, one user, one event. Measured in this order; the last ones end the organization.
 */
export const costedRequests: Readonly<Record<string, (ground: CostGround) => CostedRequest | Promise<CostedRequest>>> =
  {
    'hierarchy-access-log-list': nothing,
    'hierarchy-children-audit-list': nothing,

    'accounts-account-create': () => ({ body: { organization_name: 'Another' } }),
    'accounts-account-leave': asMember,
    'accounts-account-leave-by-get': asMember,
    'accounts-account-list': nothing,
    'accounts-account-read': nothing,
    'accounts-account-role': nothing,
    'accounts-account-summary': nothing,
    'accounts-account-update': ({ organization }) => ({ body: { id: organization.id, organization_name: 'Renamed' } }),
    'accounts-user-add': async ({ organization }) => {
      const { id } = await somebody({ homeOrganizationId: organization.id });
      return { body: { user_ids: [id], role: 'VIEWER', is_active: true } };
    },
    'accounts-user-list': (ground) => ({ query: `?page_number=${middlePage(ground, 25)}&page_size=25` }),
    'accounts-user-remove': memberOf('user_ids'),
    'accounts-user-update': async (ground) => ({
      body: { user_ids: [(await aColleague(ground)).id], role: 'VIEWER', is_active: true },
    }),

    'auth-email-change': async (ground) => ({ ...(await asMember(ground)), body: { email: anAddress(), password } }),
    'auth-me-read': asMember,
    'auth-me-update': async (ground) => ({ ...(await asMember(ground)), body: { first_name: 'Grace' } }),
    'auth-password-change': async (ground) => ({
      ...(await asMember(ground)),
      body: { current_password: password, password: 'Difference-Engine-1822' },
    }),
    'auth-password-forgot': async (ground) => ({ body: { email: (await aColleague(ground)).email } }),
    'auth-password-reset': async (ground) => {
      const user = await aColleague(ground);
      const { token } = await aMailedLink(user.email, { purpose: 'password-reset' }, user);
      return { body: { token, password: 'Difference-Engine-1822' } };
    },
    'auth-registration-create': () => ({ body: { ...newcomer, email: anAddress(), password } }),
    'auth-registration-verify': async () => {
      const person = { firstName: 'Ada', lastName: 'Byron', passwordHash: await passwordHashOf(password) };
      const { token } = await aMailedLink(anAddress(), { purpose: 'registration', ...person });
      return { body: { token } };
    },
    'auth-session-login': async (ground) => ({ body: { email: (await aColleague(ground)).email, password } }),
    'auth-session-logout': asMember,
    'auth-session-refresh': async (ground) => ({ body: { refresh_token: (await aSession(ground)).refreshToken } }),

    'hierarchy-api-key-create': () => ({ body: { name: 'A key' } }),
    'hierarchy-api-key-delete': async (ground) => ({ named: { key_id: await anApiKey(ground) } }),
    'hierarchy-api-key-list': nothing,
    'hierarchy-api-key-rotate': async (ground) => ({ named: { key_id: await anApiKey(ground) }, body: {} }),
    'hierarchy-consumption-read': nothing,
    'hierarchy-customizations-read': nothing,
    'hierarchy-customizations-replace': () => ({ body: { customizations: { colour: 'blue' } } }),
    'hierarchy-organization-read': nothing,
    'hierarchy-organization-update': () => ({ body: { name: 'Renamed again' } }),
    'hierarchy-tags-read': nothing,
    'hierarchy-tags-replace': () => ({ body: { tags: ['green'] } }),
    'hierarchy-usage-event-create': () => ({
      body: {
        events: [{ id: randomUUID(), meter: 'pages', quantity: 1.5, timestamp: new Date(Date.now()).toISOString() }],
      },
    }),

    'organization-admin-member-create': () => ({
      body: { ...newcomer, email: anAddress(), password, confirm_password: password, role: 'organization_user' },
    }),
    'organization-admin-member-limit': memberOf('user', { body: { bytes_limit: 1024 } }),
    'organization-admin-member-list': (ground) => ({ query: `?page=${middlePage(ground, 10) + 1}` }),
    'organization-admin-member-read': memberOf('user'),
    'organization-admin-member-remove': memberOf('userID'),
    'organization-admin-member-search': async (ground) => ({
      query: `?email=${encodeURIComponent((await aColleague(ground)).email)}`,
    }),
    'organization-admin-member-update': memberOf('user', { body: { first_name: 'Betty' } }),
    'organization-admin-metrics-collect': nothing,
    'organization-admin-organization-read': nothing,
    'organization-admin-organization-update': () => ({ body: { domain: `${randomUUID()}.example.com` } }),

    'platform-avatar-upload': aFile,
    'platform-invitation-create': () => ({ body: { email: anAddress(), name: 'Kay McNulty', roles: [3] } }),
    'platform-invitation-create-many': () => ({ body: { invitations: [{ email: anAddress(), roles: [3] }] } }),

    'platform-invitation-resend': async ({ organization }) => ({
      named: { invitationId: (await anInvitation(organization, anAddress())).invitation.id },
    }),
    'platform-invitation-revoke': async ({ organization }) => ({
      named: { invitationId: (await anInvitation(organization, anAddress())).invitation.id },
    }),
    'platform-invitation-read': async ({ organization }) => ({
      named: { inviteToken: (await anInvitation(organization, anAddress())).token },
    }),
    'platform-invitation-accept': async ({ organization }) => ({
      named: { inviteToken: (await anInvitation(organization, anAddress())).token },
      body: { password, password_confirmation: password },
    }),
    // One was accepted just now.
    'platform-invitation-list': () => ({ query: '?status=accepted' }),
    'platform-workspace-create': () => ({ body: { name: `Workspace ${randomUUID()}` } }),
    'platform-workspace-delete': async (ground) => ({ named: { workspaceId: await aWorkspace(ground) } }),
    'platform-workspace-list': nothing,
    'platform-workspace-read': async (ground) => ({ named: { workspaceId: await aWorkspace(ground) } }),
    'platform-workspace-update': async (ground) => ({
      named: { workspaceId: await aWorkspace(ground) },
      body: { name: `Workspace ${randomUUID()}` },
    }),
    'platform-member-delete': memberOf('memberId'),
    'platform-member-list': (ground) => ({ query: `?page=${middlePage(ground, 15) + 1}` }),
    'platform-member-update': async (ground) => ({
      named: { memberId: (await aColleague(ground)).id },
      body: { roles: [2], workspaces: [await aWorkspace(ground)] },
    }),
    'platform-organization-create': () => ({ body: { name: 'Another', countryCode: 'GB' } }),
    'platform-organization-read': nothing,
    'platform-organization-update': () => ({ body: { name: 'Renamed at last' } }),
    'platform-role-list': nothing,
    'platform-wallet-credit': () => ({ body: { amount: 100, reason: 'Welcome' } }),
    'platform-wallet-charge': () => ({ body: { amount: 40, service: 'sms', sms_point: 5 } }),
    'platform-wallet-read': nothing,
    'platform-wallet-transactions': nothing,

    'accounts-account-delete': nothing,
    'platform-organization-restore': nothing,
    'hierarchy-child-create': () => ({ body: { name: 'Below' } }),
    'hierarchy-child-list': nothing,
    'hierarchy-organization-delete': () => ({ query: '?cascade=true' }),
  };
