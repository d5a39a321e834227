import { signal } from '@preact/signals';
import { call } from '../api/call.ts';
import { forgetTokens, hasSession, keepTokens, onSessionEnd, renewAccess } from './tokens.ts';

/** A person as the API shows them. */
export interface Person {
  readonly id: number;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly platform_admin: boolean;
}

interface Membership {
  readonly organization_id: number;
  readonly organization_name: string;
  readonly roles: readonly string[];
  readonly is_active: boolean;
}

/** Who is signed in, and where they are a member. */
export interface Session {
  readonly user: Person;
  readonly memberships: readonly Membership[];
}

/** The session: `undefined` until it is known, `null` where nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);

onSessionEnd(() => {
  session.value = null;
});

/** Goes on with the session that this browser has, if it has one. */
export async function resumeSession(): Promise<void> {
  if (!hasSession()) {
    session.value = null;
    return;
  }
  if ((await renewAccess(undefined)) !== undefined) await readSession();
}

/** @throws ApiError `unauthorized`, `too_many_attempts` */
export async function signIn(email: string, password: string): Promise<void> {
  const { body } = await call<{ access_token: string; refresh_token: string }>('POST', '/auth/login', {
    body: { email, password },
    anonymous: true,
  });
  keepTokens(body);
  await readSession();
}

/** Signs out everywhere that shares this session. */
export async function signOut(): Promise<void> {
  await call('POST', '/auth/logout').catch(() => {});
  forgetTokens();
  session.value = null;
}

/** Reads anew who is signed in and where they are a member. */
export async function readSession(): Promise<void> {
  session.value = (await call<Session>('GET', '/auth/me')).body;
}
