import { AppError } from '../errors.ts';
import type { Ha1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';

export const dtmfProtocols = ['sipinfo', 'sipmessage', 'rfc2833'] as const;
export type DtmfProtocol = (typeof dtmfProtocols)[number];

export const externalProtocols = ['UDP', 'TCP', 'TLS'] as const;
export type ExternalProtocol = (typeof externalProtocols)[number];

/** A SIP account of a space. Times are in epoch milliseconds. */
export interface Account {
  readonly id: number;
  readonly spaceId: number;
  readonly username: string;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly admin: boolean;
  readonly dtmfProtocol: DtmfProtocol;
  /** One for each algorithm that the password is stored with, SHA-256 first. */
  readonly ha1s: readonly Ha1[];
  readonly activatedAt: number | null;
  readonly blockedAt: number | null;
  /** Incremented with every change to the account and its tokens. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly external: ExternalAccount | null;
}

/** An account and its space. */
export interface AccountInSpace {
  readonly account: Account;
  readonly space: Space;
}

/** An account at another SIP service, which the phone registers next to the main one. */
export interface ExternalAccount {
  readonly username: string;
  readonly domain: string;
  /** null: the domain. */
  readonly realm: string | null;
  /** A host, `host:port` or SIP URI; null: the domain. */
  readonly registrar: string | null;
  readonly outboundProxy: string | null;
  readonly protocol: ExternalProtocol;
  readonly ha1s: readonly Ha1[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function addressOf({ account, space }: AccountInSpace): string {
  return `${account.username}@${space.domain}`;
}

/** `name` is the id, SIP address or e-mail address that was requested. */
export function accountNotFound(name: string): AppError {
  return new AppError('not-found', { what: 'account', name });
}
