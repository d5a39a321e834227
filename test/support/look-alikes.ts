import { randomBytes } from 'node:crypto';
import { readToken, secretBytesOf, type TokenPrefix, writeToken } from '../../shared/domain/access/tokens.ts';
import { newIdentifier } from '../../shared/domain/identifiers.ts';
import { services } from './all-services.ts';
import type { ApiRequest } from './in-process-api.ts';
import { anInvitation } from './invitations.ts';
import { aMailedLink } from './mailed-links.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from './people-and-organizations.ts';

/**
 * Two requests of which nobody may tell, by the answer or by the time it takes, which of them names something that is
 * there. Each call makes new ones, so that no limit is met.
 */
export interface LookAlikes {
  readonly name: string;
  /** It names something that is there. */
  known(): Promise<ApiRequest>;
  unknown(): Promise<ApiRequest>;
}

const post = (path: string, body: unknown): ApiRequest => ({ method: 'POST', path, body });
const nobodysAddress = () => `nobody-${services().newId()}@example.com`;
const never = () => newIdentifier(Date.now(), Math.random());
/** A token in good form that nobody was given. */
const forged = (prefix: TokenPrefix, ids: readonly number[]) =>
  writeToken(prefix, { ids, secret: randomBytes(secretBytesOf(prefix)) });

/** @param passwordHash of a password that is never tried */
export async function everyLookAlike(passwordHash: string): Promise<readonly LookAlikes[]> {
  const owner = await somebody();
  const organization = await anOrganization(owner);
  const child = await anOrganization(owner, { parent: organization });
  const stranger = await signedIn(await somebody());
  const signIn = (email: string) => post('/auth/login', { email, password: 'Wrong-Horse-7' });
  const login = (of: Parameters<typeof somebody>[0]): Omit<LookAlikes, 'name'> => ({
    known: async () => signIn((await somebody(of)).email),
    unknown: async () => signIn(nobodysAddress()),
  });
  const mailed = (path: string, more: object = {}): Omit<LookAlikes, 'name'> => ({
    known: async () => post(path, { email: (await somebody()).email, ...more }),
    unknown: async () => post(path, { email: nobodysAddress(), ...more }),
  });
  const invitation = (ask: (token: string) => ApiRequest): Omit<LookAlikes, 'name'> => ({
    known: async () => {
      const { invitation: made } = await anInvitation(organization, nobodysAddress());
      return ask(forged('it', [organization.id, made.id]));
    },
    unknown: async () => ask(forged('it', [never(), never()])),
  });
  const resetBy = (ids: readonly [link: number, user: number]) =>
    post('/auth/password/reset', { token: forged('lt', ids), password: 'Other-Horse-7' });
  const read = (id: number): ApiRequest => ({ method: 'GET', path: `/orgs/${id}`, headers: stranger });
  const withKey = (ids: readonly number[]): ApiRequest => ({
    method: 'GET',
    path: `/orgs/${organization.id}`,
    headers: { 'x-api-key': forged('ak', ids) },
  });
  return [
    { name: 'sign in, with a wrong password', ...login({ passwordHash }) },
    {
      name: 'sign in, as a member of an organization',
      known: async () => {
        const member = await somebody({ passwordHash });
        await aMember(organization, member, ['VIEWER']);
        return signIn(member.email);
      },
      unknown: async () => signIn(nobodysAddress()),
    },
    { name: 'sign in, as somebody who is locked', ...login({ passwordHash, isLocked: true }) },
    { name: 'sign in, as somebody who has no password', ...login({}) },
    { name: 'ask for another password', ...mailed('/auth/password/forgot') },
    {
      name: 'register',
      ...mailed('/auth/register', { password: 'Correct-Horse-7', first_name: 'A', last_name: 'B' }),
    },
    {
      name: 'set another password, by a link',
      known: async () => {
        const user = await somebody();
        const { id } = await aMailedLink(user.email, { purpose: 'password-reset' }, user);
        return resetBy([id, user.id]);
      },
      unknown: async () => resetBy([never(), never()]),
    },
    {
      name: 'refresh a session',
      known: async () => {
        const user = await somebody();
        return post('/auth/refresh', { refresh_token: forged('rt', [user.id, never()]) });
      },
      unknown: async () => post('/auth/refresh', { refresh_token: forged('rt', [never(), never()]) }),
    },
    {
      name: 'look at an invitation',
      ...invitation((token) => ({ method: 'GET', path: `/api/organizations/invite/${token}` })),
    },
    {
      name: 'accept an invitation',
      ...invitation((token) => post(`/api/organizations/invite/${token}/accept`, { password: 'Correct-Horse-7' })),
    },
    {
      name: 'use a key',
      known: async () => {
        const { 'client-id': id } = await aCredential(organization, owner);
        return withKey(readToken('id', id)?.ids ?? []);
      },
      unknown: async () => withKey([never(), never(), never()]),
    },
    { name: 'read an organization', known: async () => read(organization.id), unknown: async () => read(never()) },
    { name: 'read one below another', known: async () => read(child.id), unknown: async () => read(never()) },
  ];
}
