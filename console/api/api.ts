import { type Client, createClient } from '../../shared/client/client.ts';
import { accessToken, renewAccess } from '../session/tokens.ts';
import { configuration } from './configuration.ts';

/** The API, in the session where there is one. An access token that has run out is renewed. */
export const api: Client = async (operation, ...said) => {
  const { apiUrl } = await configuration();
  client ??= createClient({ url: apiUrl, credential: accessToken, fetch: fetchInSession });
  return client(operation, ...said);
};

/** The API, as nobody: for whoever comes with a token from a mail, which may be another person than the one signed in. */
export const publicApi: Client = async (operation, ...said) => {
  const { apiUrl } = await configuration();
  return createClient({ url: apiUrl })(operation, ...said);
};

let client: Client | undefined;

async function fetchInSession(...[url, request]: Parameters<typeof fetch>): Promise<Response> {
  const ask = (headers: HeadersInit | undefined) =>
    fetch(url, { ...request, credentials: 'omit', cache: 'no-store', ...(headers && { headers }) });
  const token = accessToken();
  const answer = await ask(request?.headers);
  if (token === undefined || !(await isTokenRefused(answer))) return answer;
  const renewed = await renewAccess(token);
  return renewed === undefined ? answer : ask({ ...request?.headers, authorization: `Bearer ${renewed}` });
}

/** A wrong password is a 401 too, and asking again would count it twice. */
async function isTokenRefused(answer: Response): Promise<boolean> {
  if (answer.status !== 401) return false;
  const said = await answer
    .clone()
    .json()
    .catch(() => ({}));
  return [said.code, said.error].includes('unauthorized');
}
