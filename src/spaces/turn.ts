import { AppError, invalidFields } from '../errors.ts';
import { parseTurnServer, type TurnCredentials, type TurnServer, turnCredentials } from '../sip/turn-server.ts';
import type { Space, SpaceSettings } from './space.ts';

/** Time-limited credentials for the space's TURN server. */
export interface TurnAccess extends TurnCredentials {
  readonly server: TurnServer;
  readonly realm: string;
  readonly expiresAt: number;
}

function turnRealmOf(space: Space): string {
  return space.turnRealm ?? space.domain;
}

/**
 * Returns when credentials expire that must be valid for at least `lifetimeMs`. The result stays the same for half that
 * time, because it is part of the user name, and Linphone from 5.4 on keeps every user name that it ever received.
 */
function expiryOf(now: number, lifetimeMs: number): number {
  const step = lifetimeMs / 2;
  return Math.ceil((now + lifetimeMs) / step) * step;
}

/** Returns credentials for a user of the space, or undefined if the space has no TURN server or no secret for it. */
export function findTurnAccess(space: Space, username: string, now: number): TurnAccess | undefined {
  if (space.turnServer === null || space.turnSecret === null) return undefined;
  const server = parseTurnServer(space.turnServer);
  if (server === undefined) return undefined;
  const expiresAt = expiryOf(now, space.turnLifetime);
  return { ...turnCredentials(space.turnSecret, username, expiresAt), server, realm: turnRealmOf(space), expiresAt };
}

export function getTurnAccess(space: Space, username: string, now: number): TurnAccess {
  const access = findTurnAccess(space, username, now);
  if (access === undefined) throw new AppError('turn-not-configured', {});
  return access;
}

/** Throws if documents should contain TURN credentials, but the server or its secret is missing. */
export function requireCompleteTurn({ turnInDocument, turnServer, turnSecret }: SpaceSettings): void {
  if (turnInDocument && (turnServer === null || turnSecret === null)) {
    throw invalidFields({ turn_in_document: [{ code: 'needs', others: ['turn_server', 'turn_secret'] }] });
  }
}
