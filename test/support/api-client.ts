import type { Json } from './json.ts';
import type { ServingProcess } from './serve.ts';

/** Calls the API with one key; a refusal rejects. */
export type ApiClient = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<Json>;

/** Makes the first administrator by the link that a fresh server prints, as a newcomer does. */
export async function apiClient(serving: ServingProcess): Promise<ApiClient> {
  const path = /\/setup\/[A-Za-z0-9]+/.exec(serving.said())?.[0];
  if (path === undefined) throw new Error(`no setup link was printed: ${serving.said()}`);
  const page = await fetch(`${serving.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username: 'admin', password: 'administrator' }),
  });
  const key = /x-api-key: ([A-Za-z0-9]{22})/.exec(await page.text())?.[1];
  if (key === undefined) throw new Error(`no API key was shown (status ${page.status})`);
  return apiWith(serving.url, key);
}

/** The same with a key that is known. */
export function apiWith(url: string, key: string): ApiClient {
  return async (method, route, body) => {
    const response = await fetch(`${url}${route}`, {
      method,
      headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
}
