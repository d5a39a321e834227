import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsolePage, looks, openConsole, startBrowser } from '../support/console-page.ts';
import { send } from '../support/http-client.ts';
import { type StackUnderTest, stackUnderTest } from '../support/stack-under-test.ts';

/** One page of each kind, the longest of them. */
const pages = [
  '/docs',
  '/docs/guides/conventions',
  '/docs/platform',
  '/docs/organization-admin/member-create',
  '/docs/errors',
  '/docs/errors/invalid_request',
];

let stack: StackUnderTest;
let browser: Browser;

beforeAll(async () => {
  stack = await stackUnderTest();
  browser = await startBrowser();
});
afterAll(() => browser?.close());

describe.each(looks)('$theme, $size', (look) => {
  let reference: ConsolePage;

  beforeAll(async () => {
    reference = await openConsole(browser, stack.url, look);
  });
  afterAll(() => reference.close());

  test.each(pages)('%s is accessible', async (path) => {
    await reference.go(path);
    await reference.expectAccessible();
  });

  test('what is typed is found, and the keyboard goes there', async () => {
    const { page } = reference;
    await reference.go('/docs');
    await page.keyboard.press('/');
    await page.keyboard.type('last owner');
    await page.getByRole('option', { name: 'last_owner', exact: false }).first().waitFor();
    await reference.expectAccessible();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs/errors/last_owner');
  });

  test('the navigation leads from page to page', async () => {
    const { page } = reference;
    await reference.go('/docs');
    if (look.size === 'phone') await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'hierarchy', exact: true }).click();
    await page.waitForURL('**/docs/hierarchy');
    await page.getByRole('main').getByRole('link', { name: 'Create an API key' }).click();
    await page.getByRole('heading', { name: 'Create an API key' }).waitFor();
  });
});

test('a refusal leads to the page that explains its code', async () => {
  const { status, headers } = await send('GET', `${stack.url}/orgs/7`);
  expect(status).toBe(401);
  const [, target = ''] = /^<(.+)>; rel="help"$/.exec(headers.get('link') ?? '') ?? [];
  const reference = await openConsole(browser, new URL(target).origin);
  await reference.go(new URL(target).pathname);
  await reference.page.getByRole('heading', { name: 'unauthorized' }).waitFor();
  await reference.close();
});

test('an example is copied as it stands', async () => {
  const reference = await openConsole(browser, stack.url);
  const { page } = reference;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await reference.go('/docs/auth/session-login');
  await page.getByRole('button', { name: 'Copy: The request with curl' }).click();
  await page.getByText('Copied').waitFor();
  const copied = await page.evaluate('navigator.clipboard.readText()');
  expect(copied).toBe(await page.getByRole('group', { name: 'The request with curl' }).textContent());
  await reference.close();
});
