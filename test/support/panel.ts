import assert from 'node:assert/strict';
import type { InjectOptions } from 'fastify';
import type { Environment } from '../../src/config/load-config.ts';
import { openTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { waitUntil } from './wait-until.ts';

export interface PanelReply {
  readonly status: number;
  readonly location: string | undefined;
  readonly html: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A browser with the cookies that it received. */
export interface PanelBrowser {
  readonly cookies: Map<string, string>;
  get(url: string, headers?: Record<string, string>): Promise<PanelReply>;
  post(
    url: string,
    fields: Record<string, string> | URLSearchParams,
    headers?: Record<string, string>,
  ): Promise<PanelReply>;
  /** Signs in. Fails if that does not succeed. */
  signIn(username: string, password: string): Promise<void>;
}

/** Opens an app whose administrator is signed in. */
export async function openPanel(
  databaseUrl: string,
  environment: Environment = {},
  options: TestAppOptions = {},
): Promise<{ t: TestApp; browser: PanelBrowser }> {
  const t = await openTestApp(databaseUrl, environment, options);
  const browser = panelBrowser(t);
  await browser.signIn('admin', 'administrator');
  return { t, browser };
}

/** A password of five characters, each of which is two UTF-16 units. */
export const fiveCharacters = '🙂'.repeat(5);

export const sameOrigin = { 'sec-fetch-site': 'same-origin' } as const;

export function panelBrowser(t: TestApp, remoteAddress = '192.0.2.1'): PanelBrowser {
  const cookies = new Map<string, string>();
  const ask = async (options: InjectOptions, headers: Record<string, string> = {}): Promise<PanelReply> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await t.server.inject({
      ...options,
      remoteAddress,
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...options.headers, ...headers },
    });
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    }
    const { location } = answer.headers;
    return { status: answer.statusCode, location, html: answer.body, headers: answer.headers };
  };
  /** On a busy machine, the page of an import may be shown before the work has ended. */
  const isUnderWay = async (page: string) => (await browser.get(page)).html.includes('id="progress-live"');
  const browser: PanelBrowser = {
    cookies,
    get: (url, headers) => ask({ method: 'GET', url }, headers),
    post: async (url, fields, headers = sameOrigin) => {
      const payload = new URLSearchParams(fields).toString();
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const reply = await ask({ method: 'POST', url, headers: type, payload }, headers);
      const { location = '' } = reply;
      if (/^\/admin\/import\/\d/.test(location)) assert.ok(await waitUntil(async () => !(await isUnderWay(location))));
      return reply;
    },
    signIn: async (username, password) => {
      const { status, html } = await browser.post('/login', { username, password });
      assert.equal(status, 303, html);
    },
  };
  return browser;
}
