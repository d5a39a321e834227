import { source as axeSource } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromiumFile, hasChromium } from './chromium.ts';

/** Starts Chromium. @throws Error that says how to get it where it is missing */
export async function startBrowser(): Promise<Browser> {
  if (!hasChromium())
    throw new Error(
      `The tests of the console need Chromium, and there is none at ${chromiumFile}: install Debian’s package chromium, or say where it is with CHROMIUM.`,
    );
  return chromium.launch({
    executablePath: chromiumFile,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

/** How pages are looked at: on a desk and on a phone, in both themes. */
export const looks = (['light', 'dark'] as const).flatMap((theme) => [
  { theme, size: 'desk', viewport: { width: 1280, height: 860 } } as const,
  { theme, size: 'phone', viewport: { width: 390, height: 844 } } as const,
]);

export type Look = (typeof looks)[number];

/** A page of its own in a profile of its own; what the browser complains of fails the test at its end. */
export interface ConsolePage {
  readonly page: Page;
  /** Goes to a place of the console and waits until nothing is on its way any more. */
  go(path: string): Promise<void>;
  /** Signs in by the form, and waits until the console shows it. */
  signIn(email: string, password: string): Promise<void>;
  /** Fails for what axe finds, and where something is wider than the window, or than the card it is in. */
  expectAccessible(): Promise<void>;
  /** Ends it. @throws what the console said that it should not: errors of scripts, refusals of the security policy */
  close(): Promise<void>;
}

/** Opens a page at a console, wherever that is. @param url without a slash at the end */
export async function openConsole(
  browser: Browser,
  url: string,
  look: Look | undefined = looks[0],
): Promise<ConsolePage> {
  const context: BrowserContext = await browser.newContext({
    viewport: look?.viewport ?? null,
    colorScheme: look?.theme ?? 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(60_000);
  // In this way alone a script comes into a page whose security policy lets none in.
  await context.addInitScript({ content: axeSource });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Refusals of the API are part of some stories; everything else that is an error is none of them.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });

  async function settled(): Promise<void> {
    await page.waitForFunction((underWay) => {
      const { document } = globalThis as unknown as PageGlobals;
      return document.querySelector('h1') !== null && document.querySelector(underWay) === null;
    }, '.skeleton, [aria-busy="true"], main > [role="status"] .spinner');
  }

  return {
    page,
    async go(path) {
      await page.goto(`${url}${path}`);
      await settled();
    },
    async signIn(email, password) {
      await page.goto(`${url}/sign-in`);
      await page.getByLabel('Email').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Organizations' }).waitFor();
      await settled();
    },
    async expectAccessible() {
      await settled();
      const { violations, width, cut } = await page.evaluate(async () => {
        const { axe, document, innerWidth } = globalThis as unknown as PageGlobals;
        const found = await axe.run();
        const isCut = ({ scrollWidth, clientWidth }: PageElement) => scrollWidth > clientWidth;
        return {
          violations: found.violations,
          width: document.documentElement.scrollWidth - innerWidth,
          cut: [...document.querySelectorAll('.card')].filter(isCut).length,
        };
      });
      const told = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
      );
      expect(told, page.url()).toEqual([]);
      expect(width, `${page.url()} is wider than its window`).toBeLessThanOrEqual(0);
      expect(cut, `${page.url()} has cards that do not show all that is in them`).toBe(0);
    },
    async close() {
      await context.close();
      expect(complaints).toEqual([]);
    },
  };
}

/** What there is in a page, as far as it is looked at here. */
interface PageGlobals {
  readonly axe: { run(): Promise<{ violations: AxeViolation[] }> };
  readonly document: {
    querySelector(selector: string): unknown;
    querySelectorAll(selector: string): Iterable<PageElement>;
    documentElement: PageElement;
  };
  readonly innerWidth: number;
}

interface PageElement {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
