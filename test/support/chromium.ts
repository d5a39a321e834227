import { existsSync } from 'node:fs';

/** Where Debian's package `chromium` puts it; `CHROMIUM` names another. */
export const chromiumFile = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Whether there is a Chromium to look at pages with. */
export function hasChromium(): boolean {
  return existsSync(chromiumFile);
}
