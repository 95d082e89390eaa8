import { type Browser, chromium } from 'playwright-core';
import { programPath } from './find-program.ts';
import { patienceMs } from './wait-until.ts';

/** The programs of `startBrowser`, for `requirePrograms`. */
export const browserPrograms = { chromium: 'chromium' };

/** The User-Agent of a desktop, because a headless browser says so and would count as a link scanner. */
const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Starts Debian's Chromium headless and without requests of its own. `more` are additional command-line arguments. */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  const quiet = ['background-networking', 'component-update', 'sync', 'gpu', 'quic'].map((part) => `--disable-${part}`);
  const browser = await chromium.launch({
    executablePath: programPath('chromium'),
    args: ['--headless', '--no-sandbox', '--no-first-run', `--user-agent=${agent}`, ...quiet, ...more],
    timeout: patienceMs,
  });
  // Playwright's default timeout of half a minute is too short for a busy machine.
  browser.on('context', (context) => context.setDefaultTimeout(patienceMs));
  return browser;
}
