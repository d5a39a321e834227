import { randomUUID } from 'node:crypto';
import { bearer, send, serviceAccount } from './http-client.ts';
import { eventually, type StackUnderTest } from './stack-under-test.ts';

/** Somebody who is signed in. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly headers: Record<string, string>;
}

/** The platform administrator, signed in. */
export async function signInAdministrator(stack: StackUnderTest): Promise<Record<string, string>> {
  const answer = await send('POST', `${stack.url}/auth/login`, { body: stack.platformAdmin });
  return bearer(answer.body.access_token);
}

/** A new organization of whoever these headers sign in; its UUID. */
export async function makeOrganization(
  stack: StackUnderTest,
  headers: Record<string, string>,
  name = 'Acme',
): Promise<string> {
  const answer = await send('POST', `${stack.url}/api/organizations`, { headers, body: { name, countryCode: 'GB' } });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.id;
}

/** The number of an organization, whatever spelling of its id is given. */
export async function numberOf(stack: StackUnderTest, id: string, headers: Record<string, string>): Promise<string> {
  return String((await send('GET', `${stack.url}/organizations/${id}`, { headers })).body.id);
}

/** Invites a new person, reads the mail, accepts and signs in. */
export async function makeMember(
  stack: StackUnderTest,
  organization: string,
  inviter: Record<string, string>,
  roles: readonly number[],
): Promise<Person> {
  const email = `person-${randomUUID()}@example.com`;
  const password = 'Analytical-Engine-1843';
  const invited = await send('POST', `${stack.url}/api/organizations/${organization}/invite`, {
    headers: inviter,
    body: { email, roles },
  });
  if (invited.status !== 200) throw new Error(invited.text);
  const mail = await eventually(async () => (await stack.mails()).find((sent) => sent.to.includes(email)));
  const token = /it_[\w-]+/.exec(mail.text)?.[0];
  const accepted = await send('POST', `${stack.url}/api/organizations/invite/${token}/accept`, {
    body: { password, password_confirmation: password },
  });
  if (accepted.status !== 200) throw new Error(accepted.text);
  const answer = await send('POST', `${stack.url}/auth/login`, { body: { email, password } });
  return { email, password, headers: bearer(answer.body.access_token) };
}

/** A service account of an organization, with all that its maker may, or with these permissions alone. */
export async function makeServiceAccount(
  stack: StackUnderTest,
  organization: string,
  maker: Record<string, string>,
  permissions?: readonly string[],
): Promise<Record<string, string>> {
  const answer = await send('POST', `${stack.url}/orgs/${organization}/api_keys`, {
    headers: maker,
    body: { name: 'test', ...(permissions ? { permissions } : {}) },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return serviceAccount(answer.body);
}
