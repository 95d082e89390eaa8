import type { Caller } from './caller.ts';

/** Who did something by a command on the server. */
export const commandLine = 'command line';
/** Who did something to their own account. */
export const oneself = 'me';

/** Who did something by the API, in words that outlive key and account. */
export function actorOf({ account, key }: Caller): string {
  if (key !== undefined && key.name !== null) return `api-key ${key.name}`;
  return `account ${account.id} ${account.username}`;
}
