import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type ConsolePage, looks, openConsole, startBrowser } from '../support/console-page.ts';
import { send } from '../support/http-client.ts';
import { makeMember, makeOrganization, type Person, signInAdministrator } from '../support/stack-people.ts';
import { type StackUnderTest, stackUnderTest } from '../support/stack-under-test.ts';

/** Pages for whoever is not signed in. */
const doors = [
  '/sign-in',
  '/sign-up',
  '/forgot-password',
  '/reset-password#token=pr_x',
  '/verify#token=ve_x',
  '/invite#token=it_x',
  '/no-such-page',
];

/** Pages of an organization, below `/o/<id>`. */
const places = [
  '',
  '/members',
  '/invitations',
  '/api-keys',
  '/access-log',
  '/audit-trail',
  '/appearance',
  '/wallet',
  '/settings',
  '/no-such-page',
];

/** A name that has no place where a line could end. */
const oneWord = 'Donaudampfschifffahrtsgesellschaft'.repeat(2);

let stack: StackUnderTest;
let browser: Browser;
let organization: string;
let owner: Person;

beforeAll(async () => {
  stack = await stackUnderTest();
  browser = await startBrowser();
  const administrator = await signInAdministrator(stack);
  organization = await makeOrganization(stack, administrator, `${oneWord} شركة النور (المحدودة) 2024`);
  owner = await makeMember(stack, organization, administrator, [1]);
  await makeMember(stack, organization, administrator, [3]);
  await send('POST', `${stack.url}/api/organizations/${organization}/invite`, {
    headers: administrator,
    body: { email: `open-${randomUUID()}@example.com`, name: `${oneWord} כהן` },
  });
  await send('PUT', `${stack.url}/orgs/${organization}/tags`, {
    headers: administrator,
    body: { tags: ['W'.repeat(50)] },
  });
  await send('PATCH', `${stack.url}/auth/me`, { headers: owner.headers, body: { last_name: oneWord } });
});
afterAll(() => browser?.close());

describe.each(looks)('$theme, $size', (look) => {
  let console: ConsolePage;

  beforeAll(async () => {
    console = await openConsole(browser, stack.url, look);
  });
  afterAll(() => console.close());

  test('axe finds nothing on the pages of whoever is not signed in', async () => {
    for (const path of doors) {
      await console.go(path);
      await console.expectAccessible();
    }
  });

  test('axe finds nothing on the pages of an organization, and in their dialogs', async () => {
    const { page, go, expectAccessible } = console;
    await console.signIn(owner.email, owner.password);
    await expectAccessible();
    for (const place of places) {
      await go(`/o/${organization}${place}`);
      await expectAccessible();
    }
    await go('/profile');
    await expectAccessible();
    await go(`/o/${organization}/api-keys`);
    await page.getByRole('button', { name: 'New API key' }).first().click();
    await expectAccessible();
    await go(`/o/${organization}/settings`);
    await page.getByRole('button', { name: 'Delete …' }).click();
    await expectAccessible();
    await go(`/o/${organization}/members`);
    await page.getByRole('button', { name: 'Invite people' }).click();
    await expectAccessible();
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: /^Manage/ })
      .first()
      .click();
    await expectAccessible();
  });
});
