import { signal } from '@preact/signals';
import { ApiError } from '../../shared/client/api-error.ts';
import type { AnswerOf } from '../../shared/client/client.ts';
import { api } from '../api/api.ts';
import {
  endSession,
  forgetTokens,
  hasSession,
  keepTokens,
  onSessionBegin,
  onSessionEnd,
  renewAccess,
} from './tokens.ts';

/** Who is signed in, and where they are a member. */
export type Session = AnswerOf<'auth.me.read'>;

/** The session: `undefined` until it is known, `null` where nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);

/** Whether there was a session that ended without anybody signing out here. */
export const sessionHasEnded = signal(false);

/** Why it is not known who is signed in: the API could not say. */
export const resumeError = signal<unknown>(undefined);

onSessionEnd(() => {
  sessionHasEnded.value = true;
  session.value = null;
});

onSessionBegin(async () => {
  const before = session.peek()?.user.id;
  const isSame = await readSession().then(
    () => before === session.peek()?.user.id,
    () => false,
  );
  // What the page shows is of somebody else.
  if (before !== undefined && !isSame) location.reload();
});

/** Goes on with the session that this browser has, if it has one. Where the API cannot say, `resumeError` tells why. */
export async function resumeSession(): Promise<void> {
  resumeError.value = undefined;
  if (!hasSession()) {
    session.value = null;
    return;
  }
  try {
    if ((await renewAccess(undefined)) !== undefined) await readSession();
  } catch (error) {
    resumeError.value = error;
  }
}

/** @throws ApiError `unauthorized`, `too_many_attempts` */
export async function signIn(email: string, password: string): Promise<void> {
  const { body } = await api('auth.session.login', { body: { email, password } }).catch(inWordsOfSignIn);
  keepTokens(body);
  await readSession();
}

/** Who signs in has never heard of a credential. Which of these it is the API keeps to itself. */
function inWordsOfSignIn(error: unknown): never {
  if (!(error instanceof ApiError && error.code === 'unauthorized')) throw error;
  throw new ApiError('The email or the password is wrong, or the address is not confirmed yet.', error);
}

/** Signs out everywhere that shares this session: here at once, however long the API takes to hear of it. */
export function signOut(): void {
  endSession(forgetTokens()).catch(() => {});
  session.value = null;
}

/** Reads anew who is signed in and where they are a member. */
export async function readSession(): Promise<void> {
  session.value = (await api('auth.me.read')).body;
  sessionHasEnded.value = false;
}
