import { afterAll } from 'vitest';
import { openConsole, startBrowser } from './console-page.ts';
import { makeMember, makeOrganization, numberOf, signInAdministrator } from './stack-people.ts';
import { stackUnderTest } from './stack-under-test.ts';

/**
 * The console of the stack under test, signed in to by the owner of an organization of their own: opened for all tests of
 * a file where it begins, and closed by itself behind the last.
 */
export async function consoleUnderTest() {
  const stack = await stackUnderTest();
  /** Where the console is: with the API on one machine, elsewhere in a deployment. */
  const consoleUrl = process.env.TENANTRY_CONSOLE_URL ?? stack.url;
  const browser = await startBrowser();
  afterAll(() => browser.close());
  const administrator = await signInAdministrator(stack);
  const made = await makeOrganization(stack, administrator, 'Analytical Engines');
  /** Its number, as in the addresses of its pages. */
  const organization = await numberOf(stack, made, administrator);
  const owner = await makeMember(stack, organization, administrator, [1]);
  const console = await openConsole(browser, consoleUrl);
  afterAll(() => console.close());
  await console.signIn(owner.email, owner.password);
  return { stack, consoleUrl, browser, administrator, organization, owner, console, page: console.page };
}
