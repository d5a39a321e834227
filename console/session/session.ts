import { signal } from '@preact/signals';
import type { AnswerOf } from '../../shared/client/client.ts';
import { api } from '../api/api.ts';
import { forgetTokens, hasSession, keepTokens, onSessionEnd, renewAccess } from './tokens.ts';

/** Who is signed in, and where they are a member. */
export type Session = AnswerOf<'auth.me.read'>;

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
  const { body } = await api('auth.session.login', { body: { email, password } });
  keepTokens(body);
  await readSession();
}

/** Signs out everywhere that shares this session. */
export async function signOut(): Promise<void> {
  await api('auth.session.logout').catch(() => {});
  forgetTokens();
  session.value = null;
}

/** Reads anew who is signed in and where they are a member. */
export async function readSession(): Promise<void> {
  session.value = (await api('auth.me.read')).body;
}
