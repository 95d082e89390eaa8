import { createHmac } from 'node:crypto';

export interface TurnCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Returns credentials that a TURN server with the same secret accepts until they expire, by the REST convention
 * (draft-uberti-behave-turn-rest).
 */
export function turnCredentials(secret: string, user: string, expiresAtMs: number): TurnCredentials {
  const username = `${Math.floor(expiresAtMs / 1000)}:${user}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}
