import { type Browser, chromium } from 'playwright-core';
import { programPath } from './find-program.ts';
import { patienceMs } from './wait-until.ts';

/** What `startBrowser` needs, for `requirePrograms`. */
export const browserPrograms = { chromium: 'chromium' };

/** As on a desktop: a browser without a screen says so, and counts as a link scanner. */
const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Debian's Chromium, without a screen and without calling home. `more` are arguments of its command line. */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  const quiet = ['background-networking', 'component-update', 'sync', 'gpu', 'quic'].map((part) => `--disable-${part}`);
  const browser = await chromium.launch({
    executablePath: programPath('chromium'),
    args: ['--headless', '--no-sandbox', '--no-first-run', `--user-agent=${agent}`, ...quiet, ...more],
    timeout: patienceMs,
  });
  // Playwright's own patience of half a minute is not enough for a busy machine.
  browser.on('context', (context) => context.setDefaultTimeout(patienceMs));
  return browser;
}
