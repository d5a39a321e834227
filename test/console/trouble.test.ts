import { randomUUID } from 'node:crypto';
import type { Locator, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { looks, openConsole } from '../support/console-page.ts';
import { consoleUnderTest } from '../support/console-under-test.ts';
import { send } from '../support/http-client.ts';
import { makeMember, makeOrganization, type Person } from '../support/stack-people.ts';
import { eventually } from '../support/stack-under-test.ts';

const { stack, consoleUrl, browser, administrator, organization, owner, console, page } = await consoleUnderTest();

const at = (place: string) => `/o/${organization}/${place}`;
const asOwner = (method: string, path: string, body?: unknown) =>
  send(method, `${stack.url}${path}`, { headers: owner.headers, ...(body === undefined ? {} : { body }) });

/** As the console calls somebody who came by an invitation without a name. */
const nameOf = ({ email }: Person) => email.replace(/@.*/, '');

/** What the API is asked meanwhile gets no answer. */
async function unanswered(url: string, meanwhile: () => Promise<void>): Promise<void> {
  await page.route(url, (route) => route.abort());
  await meanwhile();
  await page.unroute(url);
}

describe('what cannot be reached', () => {
  test('a list that cannot be read is not said to be empty', async () => {
    await console.go(at('settings'));
    for (const [place, url] of [
      ['Members', '**/users?*'],
      ['Invitations', '**/invitations?*'],
    ] as const)
      await unanswered(url, async () => {
        await page.getByRole('link', { name: place, exact: true }).click();
        await page.getByRole('alert').getByText('The service cannot be reached.').waitFor();
        expect(await page.getByRole('heading', { name: /^Nobody/ }).count()).toBe(0);
      });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('cell', { name: 'Owner' }).first().waitFor();
  });

  test('a page whose code cannot be fetched says so, and is fetched when it is tried again', async () => {
    await console.go(at('settings'));
    await unanswered('**/assets/wallet-page*', async () => {
      await page.getByRole('link', { name: 'Wallet' }).click();
      await page.getByRole('alert').waitFor();
    });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Wallet' }).waitFor();
  });

  test('a session is not over because nobody answered', async () => {
    await console.go(at('settings'));
    await unanswered('**/auth/refresh', async () => {
      await page.reload();
      await page.getByRole('alert').getByText('The service cannot be reached.').waitFor();
    });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  test('what hangs is given up, says so, and can be tried again', async () => {
    const other = await openConsole(browser, consoleUrl);
    await other.signIn(owner.email, owner.password);
    await other.go(at('settings'));
    await other.page.clock.install();
    for (const url of ['**/assets/members-page*', '**/users?*']) {
      const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>();
      await other.page.route(url, () => asked());
      await other.page.getByRole('link', { name: 'Members', exact: true }).click();
      await isAsked;
      await other.page.clock.fastForward(35_000);
      await other.page.getByRole('alert').getByText('No answer came in 35 seconds.').waitFor();
      await other.page.unrouteAll();
      if (url.includes('assets')) await other.go(at('settings'));
    }
    await other.page.getByRole('button', { name: 'Try again' }).click();
    await other.page.getByRole('cell', { name: 'Owner' }).first().waitFor();

    await other.page.getByRole('button', { name: 'Invite people' }).click();
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>();
    await other.page.route('**/invitations', () => asked());
    const dialog = other.page.getByRole('dialog');
    await dialog.getByLabel('Email addresses').fill(`late-${randomUUID()}@example.com`);
    await dialog.getByRole('button', { name: 'Send the invitation' }).click();
    await isAsked;
    await other.page.clock.fastForward(35_000);
    await dialog.getByText('Look whether it was done, or try again.').waitFor();
    await other.page.unrouteAll();
    await dialog.getByRole('button', { name: 'Send the invitation' }).click();
    await dialog.getByText('One person is invited.').waitFor();
    await other.close();
  });

  test('an organization that cannot be shown is not given the name of the one before', async () => {
    await console.go(at('settings'));
    await page.evaluate(() => {
      const { history, dispatchEvent } = globalThis as unknown as Window;
      history.pushState(null, '', '/o/7');
      dispatchEvent(new Event('popstate'));
    });
    await page.getByRole('heading', { name: 'This organization cannot be shown' }).waitFor();
    expect(await page.getByText('Analytical Engines').count()).toBe(0);
  });
});

describe('what is not there', () => {
  const tryAgain = () => page.getByRole('button', { name: 'Try again' }).count();

  test('an organization that never was is not asked for again', async () => {
    await console.go('/o/7');
    await page.getByRole('heading', { name: 'This organization cannot be shown' }).waitFor();
    await page.getByRole('alert').getByText('There is no such organization.').waitFor();
    expect(await tryAgain()).toBe(0);
    await page.getByRole('link', { name: 'Choose another organization' }).click();
    await page.getByRole('heading', { name: 'Organizations' }).waitFor();
  });

  test('an invitation that was revoked is not asked for again', async () => {
    const email = `revoked-${randomUUID()}@example.com`;
    const { body } = await asOwner('POST', `/api/organizations/${organization}/invite`, { email });
    const mail = await eventually(async () => (await stack.mails()).find(({ to }) => to.includes(email)), 60_000);
    await asOwner('DELETE', `/api/organizations/${organization}/invitations/${body.data.id}`);
    await console.go(`/invite#token=${/it_[\w-]+/.exec(mail.text)?.[0]}`);
    await page.getByRole('alert').getByText('This invitation can no longer be used.').waitFor();
    expect(await tryAgain()).toBe(0);
  });

  test('an address that leads nowhere says so, and leads to the start', async () => {
    for (const nowhere of ['/nowhere', at('nowhere')]) {
      await console.go(nowhere);
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
      await page.getByRole('link', { name: 'To the start' }).click();
      await page.getByRole('heading', { name: 'Organizations' }).waitFor();
    }
  });
});

interface Window {
  readonly history: { pushState(state: null, unused: string, url: string): void };
  dispatchEvent(event: Event): void;
}

describe('what is written', () => {
  test('a top-up that was not answered and is sent again is booked once', async () => {
    const other = await openConsole(browser, consoleUrl);
    await other.signIn(stack.platformAdmin.email, stack.platformAdmin.password);
    await other.go(at('wallet'));
    await other.page.route('**/credit', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await other.page.getByRole('button', { name: 'Top up' }).click();
    const dialog = other.page.getByRole('dialog');
    await dialog.getByLabel('Amount').fill('500');
    await dialog.getByRole('button', { name: 'Top up' }).click();
    await dialog.getByText('The service cannot be reached.').waitFor();
    await other.page.unroute('**/credit');
    await dialog.getByRole('button', { name: 'Top up' }).click();
    await other.page.getByText('1 booking', { exact: true }).waitFor();
    await other.close();
  });

  test('the secret of a key is shown, however impatient somebody is', async () => {
    await console.go(at('api-keys'));
    let answer = () => {};
    const pressed = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api_keys', async (route) => {
      await pressed;
      await route.continue();
    });
    await page.getByRole('button', { name: 'New API key' }).first().click();
    await page.getByLabel('Name').fill('Nightly export');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    answer();
    await page.getByText(/^ak_/).waitFor();
    await page.unroute('**/api_keys');
  });

  test('whoever suspends a member changes nothing else', async () => {
    const member = await makeMember(stack, organization, administrator, [5]);
    await console.go(at('members'));
    await page.getByLabel('Search by email').fill(member.email);
    await page.getByRole('button', { name: `Manage ${nameOf(member)}` }).click();
    await page.getByLabel('Role').selectOption('ADMIN');
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('cell', { name: 'Suspended' }).waitFor();
    const { body } = await asOwner('GET', `/organizations/${organization}/users?search=${member.email}`);
    expect(body.content).toMatchObject([{ role: 'VIEWER', is_active: false }]);
  });

  test('whoever gives themselves another role is offered what that role may', async () => {
    const person = await makeMember(stack, organization, administrator, [1]);
    const other = await openConsole(browser, consoleUrl);
    await other.signIn(person.email, person.password);
    await other.go(at('members'));
    await other.page.getByLabel('Search by email').fill(person.email);
    await other.page.getByRole('button', { name: `Manage ${nameOf(person)}` }).click();
    await other.page.getByLabel('Role').selectOption('VIEWER');
    await other.page.getByRole('button', { name: 'Save the role' }).click();
    await other.page.getByRole('cell', { name: 'Viewer' }).waitFor();
    await other.page.getByRole('link', { name: 'API keys' }).waitFor({ state: 'detached' });
    expect(await other.page.getByRole('button', { name: /Manage|Invite/ }).count()).toBe(0);
    await other.close();
  });

  test('tags that others add meanwhile stay', async () => {
    await console.go(at('settings'));
    await asOwner('PUT', `/orgs/${organization}/tags`, { tags: ['theirs'] });
    await page.getByLabel('New tag').fill('mine');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('button', { name: 'Remove the tag mine' }).waitFor();
    expect((await asOwner('GET', `/orgs/${organization}/tags`)).body).toEqual(['theirs', 'mine']);
  });

  test('what somebody else saved meanwhile is shown, and stays beside what is saved then', async () => {
    await console.go(at('appearance'));
    await asOwner('PATCH', `/orgs/${organization}`, { name: 'Difference Engines' });
    await page.getByLabel('Colour as #rrggbb').fill('#146c43');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else has changed it meanwhile.').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Difference Engines');
    await page.getByRole('button', { name: 'Save' }).click();
    const saved = page.getByText('Saved.', { exact: true });
    await saved.waitFor();
    const { body } = await asOwner('GET', `/orgs/${organization}`);
    expect(body).toMatchObject({ name: 'Difference Engines', customizations: { branding_color: '#146c43' } });
    // It is said of what was saved, not of what is typed after it.
    await page.getByLabel('Name').fill('Analytical Engines');
    await saved.waitFor({ state: 'detached' });
  });

  test('a list whose last page has become empty goes back to the page before', async () => {
    const listed = await makeOrganization(stack, owner.headers, 'Listed');
    const invitations = Array.from({ length: 21 }, (_, at) => ({ email: `p${at}-${randomUUID()}@example.com` }));
    await asOwner('POST', `/api/organizations/${listed}/invitations`, { invitations });
    // Until each mail is sent, lists by state change by themselves.
    await eventually(async () => {
      const { body } = await asOwner('GET', `/api/organizations/${listed}/invitations?status=sent`);
      return body.pagination.total === 21 ? body : undefined;
    }, 60_000);
    await console.go(`/o/${listed}/invitations`);
    await page.getByLabel('State').selectOption('sent');
    await page.getByRole('button', { name: 'Next' }).click();
    const toRevoke = page.getByRole('button', { name: /^Revoke/ });
    await expect.poll(() => toRevoke.count(), { timeout: 60_000 }).toBe(1);
    const next = page.getByRole('button', { name: 'Next' });
    expect(await hasFocus(next)).toBe(true);
    await toRevoke.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await expect.poll(() => toRevoke.count(), { timeout: 60_000 }).toBe(20);

    await console.go(`/o/${listed}/members`);
    await page.getByText('1 member', { exact: true }).waitFor();
  });
});

describe('who is signed in', () => {
  test('a session that ended says so, and signing in again leads back', async () => {
    const person = await makeMember(stack, organization, administrator, [1]);
    const other = await openConsole(browser, consoleUrl);
    await other.signIn(person.email, person.password);
    await other.go(at('settings'));
    const password = `Engine-${randomUUID()}`;
    await send('POST', `${stack.url}/auth/password/change`, {
      headers: person.headers,
      body: { current_password: person.password, password },
    });
    await other.page.getByRole('link', { name: 'Members', exact: true }).click();
    await other.page.getByText('Your session has ended.').waitFor();
    await other.page.getByLabel('Email').fill(person.email);
    await other.page.getByLabel('Password', { exact: true }).fill(password);
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page.getByRole('heading', { name: 'Members' }).waitFor();
    await other.close();
  });

  test('whoever signs out is out at once, and the service hears of it when it can', async () => {
    const person = await makeMember(stack, organization, administrator, [5]);
    const other = await openConsole(browser, consoleUrl);
    await other.signIn(person.email, person.password);
    const { promise: held, resolve: hold } = Promise.withResolvers<Route>();
    await other.page.route('**/auth/logout', (route) => hold(route));
    await other.page.getByLabel(/^Account of/).click();
    await other.page.getByRole('button', { name: 'Sign out' }).click();
    await other.page.getByRole('button', { name: 'Sign in' }).waitFor();
    const logout = await held;
    const headers = { authorization: (await logout.request().headerValue('authorization')) ?? '' };
    const askWho = () => send('GET', `${stack.url}/auth/me`, { headers });
    expect((await askWho()).status).toBe(200);
    await logout.continue();
    await eventually(async () => (await askWho()).status === 401 || undefined, 60_000);
    await other.page.reload();
    await other.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await other.close();
  });

  test('whoever signs out after an hour is out as well', async () => {
    const person = await makeMember(stack, organization, administrator, [5]);
    const other = await openConsole(browser, consoleUrl);
    await other.signIn(person.email, person.password);
    const { promise: credential, resolve: came } = Promise.withResolvers<string>();
    const answer = { status: 401, headers: { 'access-control-allow-origin': '*' }, json: { code: 'unauthorized' } };
    const refuse = async (route: Route) => {
      came((await route.request().headerValue('authorization')) ?? '');
      await route.fulfill(answer);
    };
    await other.page.route('**/auth/logout', refuse, { times: 1 });
    await other.page.getByLabel(/^Account of/).click();
    await other.page.getByRole('button', { name: 'Sign out' }).click();
    await other.page.getByRole('button', { name: 'Sign in' }).waitFor();
    const headers = { authorization: await credential };
    await eventually(
      async () => (await send('GET', `${stack.url}/auth/me`, { headers })).status === 401 || undefined,
      60_000,
    );
    await other.close();
  });

  test('of the organization that one person looked at, the next one is shown nothing', async () => {
    const stranger = await makeMember(
      stack,
      await makeOrganization(stack, administrator, 'Elsewhere'),
      administrator,
      [5],
    );
    const other = await openConsole(browser, consoleUrl);
    await other.signIn(owner.email, owner.password);
    await other.go(at('wallet'));
    await other.page.getByLabel(/^Account of/).click();
    await other.page.getByRole('button', { name: 'Sign out' }).click();
    await other.page.getByLabel('Email').fill(stranger.email);
    await other.page.getByLabel('Password', { exact: true }).fill(stranger.password);
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page.getByRole('heading', { name: 'This organization cannot be shown' }).waitFor();
    await other.close();
  });

  test('a tab shows whoever has come in another tab, not the one before', async () => {
    const first = await makeMember(stack, organization, administrator, [5]);
    const other = await openConsole(browser, consoleUrl);
    await other.signIn(first.email, first.password);
    await other.go('/profile');
    await other.page.getByRole('main').getByText(first.email).first().waitFor();

    const email = `second-${randomUUID()}@example.com`;
    await asOwner('POST', `/api/organizations/${organization}/invite`, { email });
    const mail = await eventually(async () => (await stack.mails()).find(({ to }) => to.includes(email)), 60_000);
    const tab = await other.page.context().newPage();
    await tab.goto(`${consoleUrl}/invite#token=${/it_[\w-]+/.exec(mail.text)?.[0]}`);
    await tab.getByLabel('New password').fill('Analytical-Engine-1843');
    await tab.getByRole('button', { name: 'Accept the invitation' }).click();
    await tab.getByRole('heading', { name: 'Organizations' }).waitFor();
    await other.page.getByRole('main').getByText(email).first().waitFor();
    await other.close();
  });
});

describe('what is said', () => {
  test('why something was refused is in view, also in a dialog that is longer than the screen', async () => {
    const phone = await openConsole(browser, consoleUrl, looks[1]);
    await phone.signIn(owner.email, owner.password);
    await phone.go(at('api-keys'));
    await phone.page.getByRole('button', { name: 'New API key' }).first().click();
    await phone.page.getByLabel('Name').fill('x'.repeat(500));
    for (let time = 1; time <= 2; time++) {
      await phone.page.getByRole('button', { name: 'Make the key' }).click();
      await expect.poll(() => isInView(phone.page.getByRole('alert')), { timeout: 20_000 }).toBe(true);
      await phone.page.getByRole('button', { name: 'Make the key' }).scrollIntoViewIfNeeded();
    }
    await phone.close();
  });

  test('the keyboard leaves a dialog, and one that followed it, where it came in', async () => {
    await console.go(at('members'));
    const manage = page.getByRole('button', { name: `Manage ${nameOf(owner)}` });
    await manage.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await hasFocus(manage)).toBe(true);

    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove …' }).press('Enter');
    await page.getByRole('button', { name: 'Keep them' }).press('Enter');
    await page.getByRole('button', { name: 'Suspend' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await hasFocus(manage)).toBe(true);
  });

  test('that a text could not be copied', async () => {
    await console.go(at('settings'));
    await page.evaluate(() => {
      const { navigator } = globalThis as unknown as { navigator: object };
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await page.getByRole('button', { name: 'Copy the number' }).click();
    await page.getByText('The browser does not let the number be copied').waitFor({ state: 'attached' });
  });

  test('the keyboard leaves the menu of the account where it came in', async () => {
    await console.go(at('settings'));
    const menu = page.getByLabel(/^Account of/);
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    expect(await hasFocus(menu)).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'hidden' });
  });
});

async function isInView(element: Locator): Promise<boolean> {
  const box = await element.boundingBox();
  const height = element.page().viewportSize()?.height ?? 0;
  return box !== null && box.y >= 0 && box.y < height;
}

async function hasFocus(element: Locator): Promise<boolean> {
  return element.evaluate((present) => present === present.ownerDocument.activeElement);
}
