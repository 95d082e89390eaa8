import { type Browser, chromium } from 'playwright-core';
import { programPath } from './find-program.ts';

/** What `startBrowser` needs, for `requirePrograms`. */
export const browserPrograms = { chromium: 'chromium' };

/** Debian's Chromium, without a screen and without calling home. */
export function startBrowser(): Promise<Browser> {
  const quiet = ['background-networking', 'component-update', 'sync', 'gpu', 'quic'].map((part) => `--disable-${part}`);
  return chromium.launch({
    executablePath: programPath('chromium'),
    args: ['--headless', '--no-sandbox', '--no-first-run', ...quiet],
  });
}
