import type { Json } from './json.ts';
import type { ServingProcess } from './serve.ts';

/** Calls the API with one key. Rejects if the request is refused. */
export type ApiClient = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<Json>;

/** Creates the first administrator by the setup link, as a new operator does, and then an API key. */
export async function apiClient(serving: ServingProcess): Promise<ApiClient> {
  const path = /\/setup\/[A-Za-z0-9]+/.exec(serving.said())?.[0];
  if (path === undefined) throw new Error(`no setup link was printed: ${serving.said()}`);
  const done = await fetch(`${serving.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username: 'admin', password: 'administrator' }),
  });
  const [cookie = ''] = (done.headers.getSetCookie()[0] ?? '').split(';');
  const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
  const { id } = await jsonOf(await fetch(`${serving.url}/api/accounts/me`, { headers }));
  const url = `${serving.url}/api/accounts/${id}/api_keys`;
  const { api_key } = await jsonOf(await fetch(url, { method: 'POST', headers, body: '{}' }));
  return apiWith(serving.url, api_key);
}

async function jsonOf(response: Response): Promise<Json> {
  const text = await response.text();
  if (!response.ok) throw new Error(`the setup does not lead to an API key: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Returns a client with a known key. */
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
