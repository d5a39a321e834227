import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConsole, startBrowser } from '../support/console-page.ts';
import { bearer, send } from '../support/http-client.ts';
import { makeOrganization, signInAdministrator } from '../support/stack-people.ts';
import { eventually, type StackUnderTest, stackUnderTest } from '../support/stack-under-test.ts';

const password = 'Analytical-Engine-1843';

let stack: StackUnderTest;
let browser: Browser;
/** Where the console is: with the API on one machine, elsewhere in a deployment. */
let consoleUrl: string;

beforeAll(async () => {
  stack = await stackUnderTest();
  consoleUrl = process.env.TENANTRY_CONSOLE_URL ?? stack.url;
  browser = await startBrowser();
});
afterAll(() => browser?.close());

/** The path of the link in the latest mail to an address: where the console is, only the test knows. */
async function linkMailedTo(email: string): Promise<string> {
  const mail = await eventually(async () => (await stack.mails()).findLast(({ to }) => to.includes(email)), 60_000);
  const [link = ''] = /https?:\/\/\S+#token=[\w-]+/.exec(mail.text) ?? [];
  const { pathname, hash } = new URL(link);
  return pathname + hash;
}

test('somebody accepts an invitation, invites others, changes a role, and the access log tells of it', async () => {
  const administrator = await signInAdministrator(stack);
  const organization = await makeOrganization(stack, administrator, 'Analytical Engines');
  const ada = `ada-${randomUUID()}@example.com`;
  await send('POST', `${stack.url}/api/organizations/${organization}/invite`, {
    headers: administrator,
    body: { email: ada, name: 'Ada Lovelace', roles: [2] },
  });

  const { page, go, close } = await openConsole(browser, consoleUrl);
  await go(await linkMailedTo(ada));
  await page.getByRole('heading', { name: 'Join Analytical Engines' }).waitFor();
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  // Accepting has signed her in.
  await page
    .getByRole('link', { name: /Analytical Engines/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Analytical Engines' }).waitFor();

  await page.getByRole('link', { name: 'Members', exact: true }).click();
  await page.getByRole('button', { name: 'Invite people' }).click();
  const grace = `grace-${randomUUID()}@example.com`;
  await page.getByLabel('Email addresses').fill(`Grace Hopper <${grace}>, not an address`);
  await page.getByRole('button', { name: 'Send 2 invitations' }).click();
  await page.getByText('One person is invited.').waitFor();
  await page.getByText('not an address was refused: Not a valid email address.').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();

  const graces = await openConsole(browser, consoleUrl);
  await graces.go(await linkMailedTo(grace));
  await graces.page.getByLabel('New password').fill(password);
  await graces.page.getByRole('button', { name: 'Accept the invitation' }).click();
  await graces.page
    .getByRole('link', { name: /Analytical Engines/ })
    .first()
    .click();
  await graces.page.getByRole('link', { name: 'Members', exact: true }).click();
  await graces.page.getByRole('main').getByText(grace).waitFor();
  // What a contributor may not do is not offered.
  expect(await graces.page.getByRole('button', { name: /Manage|Invite/ }).count()).toBe(0);
  await graces.close();

  await page.reload();
  await page.getByLabel('Search by email').fill('grace-');
  await page.getByRole('button', { name: 'Manage Grace Hopper' }).click();
  await page.getByLabel('Role').selectOption('ACCOUNTING');
  await page.getByRole('button', { name: 'Save the role' }).click();
  await page.getByRole('cell', { name: 'Accounting' }).waitFor();

  await page.getByRole('link', { name: 'Invitations', exact: true }).click();
  await page.getByText('Accepted').first().waitFor();

  const signedIn = await send('POST', `${stack.url}/auth/login`, { body: { email: ada, password } });
  const log = await send('GET', `${stack.url}/orgs/${organization}/access_log`, {
    headers: bearer(signedIn.body.access_token),
  });
  expect(log.body).toContainEqual(expect.objectContaining({ user: ada, action: 'USER_UPDATE', status: 'SUCCESS' }));

  await page.getByLabel('Account of Ada Lovelace').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await close();
});

test('whoever forgot the password chooses a new one, and a wrong one is told with the request to name', async () => {
  const administrator = await signInAdministrator(stack);
  const organization = await makeOrganization(stack, administrator, 'Forgetful');
  const email = `bob-${randomUUID()}@example.com`;
  const invitation = { email, name: 'Bob', roles: [5] };
  await send('POST', `${stack.url}/api/organizations/${organization}/invite`, {
    headers: administrator,
    body: invitation,
  });
  const token = (await linkMailedTo(email)).replace(/^.*token=/, '');
  await send('POST', `${stack.url}/api/organizations/invite/${token}/accept`, {
    body: { password, password_confirmation: password },
  });

  const { page, go, close } = await openConsole(browser, consoleUrl);
  await go('/sign-in');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('Wrong-Engine-1843');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('The email or the password is wrong').waitFor();
  await page.getByRole('alert').getByRole('button', { name: 'Copy the request id' }).waitFor();

  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  // The page before it asks for an email too.
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Send the mail' }).click();
  await page.getByText('a mail is on its way').waitFor();
  const link = await eventually(async () => {
    const path = await linkMailedTo(email);
    return path.startsWith('/reset-password') ? path : undefined;
  }, 60_000);
  await go(link);
  await page.getByLabel('New password').fill('Difference-Engine-1822');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page
    .getByRole('link', { name: /Forgetful/ })
    .first()
    .waitFor();
  await close();
});
