import { execFileSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { type ServingProcess, startServe } from './serve.ts';
import { tempDirectory } from './temp-directory.ts';

const administrator = { username: 'marta', password: 'kowalczyk1' } as const;

interface Wish {
  readonly environment?: Readonly<Record<string, string>>;
  /** Options of the command that creates the administrator. */
  readonly options?: readonly string[];
  /** Command-line flags of Chromium. */
  readonly flags?: readonly string[];
}

export interface ServedPanel {
  readonly serving: ServingProcess;
  readonly browser: Browser;
  /** Runs a command on the server's data, and returns its output. */
  run(...words: string[]): string;
}

/** Starts a server with an administrator, `marta`, and a browser. Both end with the test. */
export async function servePanel(t: TestContext, wish: Wish = {}): Promise<ServedPanel> {
  const environment = { RINGUP_DATA_DIR: tempDirectory(), ...wish.environment };
  const serving = await startServe(environment);
  t.after(() => serving.stop());
  const run = (...words: string[]) =>
    String(execFileSync(process.execPath, ['bin/ringup.cjs', ...words], { env: { ...process.env, ...environment } }));
  const { username, password } = administrator;
  run('account', 'add', username, '--admin', '--activated', '--password', password, ...(wish.options ?? []));
  const browser = await startBrowser(wish.flags);
  t.after(() => browser.close());
  return { serving, browser, run };
}

/** Signs in the administrator, who then sees the page at this path. */
export async function signInAt(page: Page, { url }: ServingProcess, next?: string): Promise<void> {
  await page.goto(`${url}/login${next === undefined ? '' : `?next=${next}`}`);
  await page.locator('#username').fill(administrator.username);
  await page.locator('#password').fill(administrator.password);
  await page.locator('main form button').first().click();
}
