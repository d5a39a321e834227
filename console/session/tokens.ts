import { ApiError } from '../../shared/client/api-error.ts';
import { createClient } from '../../shared/client/client.ts';
import { configuration } from '../api/configuration.ts';

/**
 * The tokens of the session. The access token is in memory alone. The refresh token is kept by the browser for this
 * origin, on which no script but the console's own can run (see docs/adr/0011-console.md); all tabs share it.
 */

const refreshKey = 'tenantry.refresh-token';

let access: string | undefined;
const endListeners = new Set<() => void>();
const beginListeners = new Set<() => void>();
const otherTabs = new BroadcastChannel('tenantry.session');

interface Pair {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** What tabs tell each other. `begun`: it is of somebody who has just signed in, and not the renewal of a token. */
interface Told {
  readonly accessToken: string | null;
  readonly begun?: boolean;
}

otherTabs.addEventListener('message', ({ data: { accessToken, begun } }: MessageEvent<Told>) => {
  access = accessToken ?? undefined;
  for (const tell of access === undefined ? endListeners : begun ? beginListeners : []) tell();
});

function tellOtherTabs(told: Told): void {
  otherTabs.postMessage(told);
}

/** The access token, where somebody is signed in. */
export function accessToken(): string | undefined {
  return access;
}

/** Whether there is a session to go on with. */
export function hasSession(): boolean {
  return localStorage.getItem(refreshKey) !== null;
}

/** Keeps the tokens of a session that has just begun. */
export function keepTokens(pair: Pair): void {
  keep(pair, true);
}

function keep(pair: Pair, begun: boolean): void {
  access = pair.access_token;
  localStorage.setItem(refreshKey, pair.refresh_token);
  tellOtherTabs({ accessToken: access, begun });
}

/** What is known of a session. */
interface Tokens {
  readonly access: string | undefined;
  readonly refresh: string | null;
}

/** Forgets the session, in all tabs. Answers what it was. */
export function forgetTokens(): Tokens {
  const forgotten = { access, refresh: localStorage.getItem(refreshKey) };
  access = undefined;
  localStorage.removeItem(refreshKey);
  tellOtherTabs({ accessToken: null });
  return forgotten;
}

/**
 * Tells the API that a session is over, also while the page closes.
 * @throws ApiError where it does not hear of it; the session ends by itself then, in its time
 */
export async function endSession({ access: credential, refresh }: Tokens): Promise<void> {
  const { apiUrl: url } = await configuration();
  const fetchToTheEnd: typeof fetch = (to, request) => fetch(to, { ...request, keepalive: true });
  const logOut = (as: string | undefined) =>
    createClient({ url, ...(as === undefined ? {} : { credential: as }), fetch: fetchToTheEnd })('auth.session.logout');
  try {
    await logOut(credential);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401) || refresh === null) throw error;
    // The access token has run out.
    const { body } = await createClient({ url })('auth.session.refresh', { body: { refresh_token: refresh } });
    await logOut(body.access_token);
  }
}

/** Calls back when the session has ended elsewhere: in another tab, or because it was refused. */
export function onSessionEnd(ended: () => void): void {
  endListeners.add(ended);
}

/** Calls back when somebody has signed in in another tab: this one has their token from then on. */
export function onSessionBegin(begun: () => void): void {
  beginListeners.add(begun);
}

/**
 * A fresh access token, of the refresh token. One tab at a time: a refresh token that is used twice ends the session.
 * @param refused the access token that has run out: where another tab has renewed it meanwhile, that one's is taken
 * @returns nothing where the session is over
 * @throws ApiError where the API cannot say.
 */
export async function renewAccess(refused: string | undefined): Promise<string | undefined> {
  return navigator.locks.request('tenantry.session', async () => {
    if (access !== undefined && access !== refused) return access;
    const refreshToken = localStorage.getItem(refreshKey);
    if (refreshToken === null) return undefined;
    try {
      const { apiUrl } = await configuration();
      const { body } = await createClient({ url: apiUrl })('auth.session.refresh', {
        body: { refresh_token: refreshToken },
      });
      // Whoever has signed out meanwhile stays signed out.
      if (localStorage.getItem(refreshKey) !== refreshToken) return access;
      keep(body, false);
      return access;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      forgetTokens();
      for (const ended of endListeners) ended();
      return undefined;
    }
  });
}
