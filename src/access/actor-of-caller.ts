import type { Caller } from './caller.ts';

/** Who did something by the API, in words that outlive key and account. */
export function actorOf({ account, key }: Caller): string {
  if (key !== undefined && key.name !== null) return `api-key ${key.name}`;
  return `account ${account.id} ${account.username}`;
}
