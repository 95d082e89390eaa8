import type { Json } from './json.ts';

/** Everything that an administrator can see of a database, in the fields of the API. */
export interface Holdings {
  readonly spaces: Rows;
  /** Accounts by address, each with its codes, devices, contacts, external account and API keys. */
  readonly accounts: Rows;
  readonly events: Rows;
}

type Rows = Readonly<Record<string, Json>>;

/** Reads everything by `get`, which must return undefined for things that do not exist. */
export async function readHoldings(get: (path: string) => Promise<Json>): Promise<Holdings> {
  const accounts: Record<string, Json> = {};
  for (const account of (await get('/api/accounts?per_page=100')).data) {
    accounts[`${account.username}@${account.domain}`] = await readAccount(account, (part) =>
      get(`/api/accounts/${account.id}/${part}`),
    );
  }
  const events: Json[] = (await get('/api/events?per_page=500')).data;
  return {
    spaces: byId(await get('/api/spaces')),
    accounts,
    // Without the sentences, because their wording may change.
    events: byId(events.map(({ sentence: _, ...event }) => event)),
  };
}

async function readAccount(account: Json, get: (part: string) => Promise<Json>): Promise<Json> {
  const keys: Json[] = await get('api_keys');
  const contacts: Json[] = await get('contacts');
  return {
    ...account,
    tokens: byId(await get('tokens')),
    devices: byId(await get('devices')),
    contacts: contacts.map(({ id }) => id).sort((one, other) => one - other),
    external: (await get('external')) ?? null,
    // Without the last use, because reading this is one.
    api_keys: byId(keys.map(({ last_used_at: _, ...key }) => key)),
    last_fetched_at: (await get('preview')).last_fetched_at,
  };
}

function byId(rows: Json): Rows {
  return Object.fromEntries(Object.values<Json>(rows).map((row) => [row.id, row]));
}

/**
 * Returns the paths at which `actual` lacks something or differs. Additional fields and rows are allowed, but a longer
 * list is not.
 */
export function lossesIn(actual: Json, expected: Json, path = ''): string[] {
  if (typeof expected !== 'object' || expected === null) {
    return actual === expected ? [] : [`${path} is ${JSON.stringify(actual)}, was ${JSON.stringify(expected)}`];
  }
  if (typeof actual !== 'object' || actual === null) return [`${path} is gone`];
  const extra = Array.isArray(expected) && actual.length > expected.length ? [`${path} has become longer`] : [];
  const lost = Object.entries(expected).flatMap(([name, value]) => lossesIn(actual[name], value, `${path}/${name}`));
  return [...extra, ...lost];
}
