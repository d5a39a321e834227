import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { looks, openConsole } from '../support/console-page.ts';
import { consoleUnderTest } from '../support/console-under-test.ts';
import { bearer, send } from '../support/http-client.ts';
import { makeMember, makeOrganization, numberOf } from '../support/stack-people.ts';

const { stack, consoleUrl, browser, administrator, organization, owner, console, page } = await consoleUnderTest();

const at = (place: string, of = organization) => `/o/${of}/${place}`;
const asKey = (key: string | null) => send('GET', `${stack.url}/orgs/${organization}`, { headers: bearer(key ?? '') });

test('an API key gets the chosen permissions, shows its secret once, is rotated and revoked', async () => {
  await console.go(at('api-keys'));
  await page.getByRole('button', { name: 'New API key' }).first().click();
  await page.getByLabel('Name').fill('Nightly export');
  await page.getByLabel('Read the metrics').uncheck();
  await page.getByRole('button', { name: 'Make the key' }).click();
  const first = await page.getByText(/^ak_/).textContent();
  await console.expectAccessible();
  expect((await asKey(first)).status).toBe(200);
  const metrics = await send('GET', `${stack.url}/organizations/${organization}/summary`, {
    headers: bearer(first ?? ''),
  });
  expect(metrics.status).toBe(403);

  await page.getByRole('button', { name: 'I have copied it' }).click();
  expect(await page.getByText(/^ak_/).count()).toBe(0);
  await page.getByRole('button', { name: 'Rotate Nightly export' }).click();
  await page.getByLabel('The present secret works').selectOption('0');
  await page.getByRole('button', { name: 'Rotate the secret' }).click();
  const second = await page.getByText(/^ak_/).textContent();
  expect([(await asKey(first)).status, (await asKey(second)).status]).toEqual([401, 200]);

  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('button', { name: 'Revoke Nightly export' }).click();
  await page.getByRole('button', { name: 'Revoke the key' }).click();
  await page.getByRole('heading', { name: 'No API keys yet' }).waitFor();
  expect((await asKey(second)).status).toBe(401);
});

test('a colour that cannot be read is shown so that it can, at once, and stays only when it is saved', async () => {
  const brand = () =>
    page.evaluate(() => {
      const { document } = globalThis as unknown as { document: { documentElement: { style: CssProperties } } };
      return document.documentElement.style.getPropertyValue('--brand-light');
    });
  await console.go(at('appearance'));
  await page.getByLabel('Colour as #rrggbb').fill('#ffe600');
  await expect.poll(brand, { timeout: 20_000 }).not.toBe('');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  expect(await brand()).toBe('');

  await page.getByRole('link', { name: 'Appearance' }).click();
  await page.getByLabel('Name').fill('Difference Engines');
  await page.getByLabel('Colour as #rrggbb').fill('#ffe600');
  await page.getByRole('link', { name: /^Difference Engines/ }).waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  for (const { theme } of looks) {
    await page.emulateMedia({ colorScheme: theme });
    await console.go(at('appearance'));
    await console.expectAccessible();
  }

  await page.getByRole('link', { name: 'Audit trail' }).click();
  const change = page.getByRole('listitem').filter({ has: page.getByText('Analytical Engines', { exact: true }) });
  await change.locator('ins').getByText('Difference Engines', { exact: true }).waitFor();
  await page.getByLabel('What').selectOption('customizations');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByText('1 change in all').waitFor();
  await page.getByText('#ffe600').waitFor();
  await page.getByLabel('What').selectOption('member');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('heading', { name: 'Member' }).getByText(/^\d+$/).first().waitFor();
});

interface CssProperties {
  getPropertyValue(name: string): string;
}

test('only a platform administrator tops up and charges; the owner sees the ledger', async () => {
  const other = await openConsole(browser, consoleUrl);
  await other.signIn(stack.platformAdmin.email, stack.platformAdmin.password);
  await other.go(at('wallet'));
  await other.page.getByRole('button', { name: 'Top up' }).first().click();
  await other.page.getByLabel('Amount').fill('500');
  await other.page.getByRole('dialog').getByRole('button', { name: 'Top up' }).click();
  await other.page.getByText('1 booking', { exact: true }).waitFor();
  await other.page.getByRole('button', { name: 'Charge' }).first().click();
  await other.page.getByLabel('Amount').fill('501');
  await other.page.getByLabel('For', { exact: true }).selectOption('storage');
  await other.page.getByRole('dialog').getByRole('button', { name: 'Charge' }).click();
  await other.page.getByText('The balance of the wallet is not enough.').waitFor();
  await other.page.getByLabel('Amount').fill('120');
  await other.page.getByRole('dialog').getByRole('button', { name: 'Charge' }).click();
  await other.page.getByText('2 bookings', { exact: true }).waitFor();
  await other.close();

  await console.go(at('wallet'));
  expect(await page.locator('dd').first().textContent()).toBe('380');
  expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
});

/** A picture of one point. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('an avatar is looked at, uploaded, shown and removed', async () => {
  await console.go(at('settings'));
  const choose = page.getByLabel(/Choose/);
  await choose.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await page.getByText('This is no PNG').waitFor();
  await choose.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: picture });
  await page.getByText('not uploaded yet').waitFor();
  const shown = page.getByRole('region', { name: 'Avatar' }).locator('img');
  expect(await shown.getAttribute('src')).toMatch(/^blob:/);
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByText('Uploaded.').waitFor();
  expect(await shown.getAttribute('src')).toMatch(/^https?:.*\/avatars\//);
  await expect
    .poll(() => shown.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth), {
      timeout: 20_000,
    })
    .toBe(1);
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await shown.waitFor({ state: 'detached' });
});

test('an organization is moved and, once its name was typed, deleted', async () => {
  const child = await numberOf(stack, await makeOrganization(stack, owner.headers, 'Junior'), owner.headers);
  // The console reads anew where the owner is a member.
  await console.go(at('settings', child));
  await page.getByLabel('Move it to').selectOption('other');
  await page.getByLabel('Number of the organization').fill(organization);
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByText('It has moved').waitFor();

  await page.getByRole('button', { name: 'Delete …' }).click();
  const deletion = page.getByRole('button', { name: 'Delete it' });
  await page.getByLabel('Type Junior to go on').fill('junior');
  expect(await deletion.isDisabled()).toBe(true);
  await console.expectAccessible();
  await page.getByLabel('Type Junior to go on').fill('Junior');
  await deletion.click();
  await page.getByRole('heading', { name: 'Organizations' }).waitFor();
  expect((await send('GET', `${stack.url}/orgs/${child}`, { headers: owner.headers })).status).toBe(404);
});

test('whoever may only look is offered nothing else', async () => {
  const viewer = await makeMember(stack, organization, administrator, [5]);
  const other = await openConsole(browser, consoleUrl);
  await other.signIn(viewer.email, viewer.password);
  await other.go(at('settings'));
  const offered = await other.page.getByRole('navigation', { name: 'Organization' }).getByRole('link').allInnerTexts();
  expect(offered.map((label) => label.trim())).toEqual(['Overview', 'Members', 'Appearance', 'Settings']);
  const buttons = await other.page.getByRole('main').getByRole('button').allInnerTexts();
  expect(new Set(buttons)).toEqual(new Set(['Copy', 'Leave …']));
  await other.close();
});

test('one changes one’s own name and password', async () => {
  const person = await makeMember(stack, organization, administrator, [5]);
  const other = await openConsole(browser, consoleUrl);
  await other.signIn(person.email, person.password);
  await other.go('/profile');
  await other.page.getByLabel('First name').fill('Grace');
  await other.page.getByRole('button', { name: 'Save' }).click();
  await other.page.getByText('Saved.', { exact: true }).waitFor();
  await other.page.getByLabel('Present password').fill('Wrong-Engine-1843');
  const changed = `Engine-${randomUUID()}`.replace('e', 'E');
  await other.page.getByLabel('New password').fill(changed);
  await other.page.getByRole('button', { name: 'Change the password' }).click();
  await other.page.getByText('The password is wrong.').waitFor();
  await other.page.getByLabel('Present password').fill(person.password);
  await other.page.getByRole('button', { name: 'Change the password' }).click();
  await other.page.getByText('All your other sessions have ended.').waitFor();
  const signedIn = await send('POST', `${stack.url}/auth/login`, { body: { email: person.email, password: changed } });
  expect(signedIn.body.user).toMatchObject({ first_name: 'Grace' });
  await other.close();
});

test('in an organization that is not active nothing is offered but what is done', async () => {
  const idle = await numberOf(stack, await makeOrganization(stack, owner.headers, 'Idle'), owner.headers);
  await send('PATCH', `${stack.url}/api/organizations/${idle}`, {
    headers: owner.headers,
    body: { status: 'inactive', statusReason: 'Moved away' },
  });
  for (const place of ['members', 'invitations']) {
    await console.go(at(place, idle));
    await page.getByText('Inactive', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /Invite|Manage/ }).count()).toBe(0);
  }
});

test('organizations of the same name are told apart by their numbers', async () => {
  const make = async () => numberOf(stack, await makeOrganization(stack, owner.headers, 'Twin'), owner.headers);
  const twins = [await make(), await make()];
  await console.go('/');
  for (const twin of twins) await page.getByRole('link', { name: `Twin Owner · ${twin}` }).waitFor();
});
