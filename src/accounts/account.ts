import { AppError } from '../errors.ts';
import type { Language } from '../lib/languages.ts';
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
  /** The account's own linphonerc text, which applies to no other documents; empty if there is none. */
  readonly linphonerc: string;
  /** Shown to administrators only, as is `group`. */
  readonly note: string | null;
  readonly group: string | null;
  /** The language of the account's mails and pages; null: that of the space. */
  readonly language: Language | null;
  readonly activatedAt: number | null;
  readonly blockedAt: number | null;
  /** Incremented with every change to the account and its tokens. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly external: ExternalAccount | null;
}

export interface AccountInSpace {
  readonly account: Account;
  readonly space: Space;
}

/** An account at another SIP service, which the phone registers next to the main one. */
export interface ExternalAccount {
  readonly username: string;
  /** The user name in the HA1s; null: `username`. */
  readonly authUsername: string | null;
  readonly domain: string;
  /** null: the same as `domain`. */
  readonly realm: string | null;
  /** A host, `host:port` or SIP URI; null: the same as `domain`. */
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

/**
 * Returns the error for an account that does not exist. `name` is the id, SIP address or e-mail address that was
 * requested.
 */
export function accountNotFound(name: string): AppError {
  return new AppError('not-found', { what: 'account', name });
}

/** Returns the SIP URI at which the external account registers: its registrar or else its domain, with its protocol. */
export function externalRegistrar(external: ExternalAccount): string {
  return serverUri(external.registrar ?? external.domain, external.protocol);
}

/** Returns the outbound proxy in the form of a `reg_route`, or undefined if there is none. */
export function externalRoute(external: ExternalAccount): string | undefined {
  return external.outboundProxy === null ? undefined : `<${serverUri(external.outboundProxy, external.protocol)}>`;
}

function serverUri(server: string, protocol: ExternalProtocol): string {
  const uri = /^sips?:/i.test(server) ? server.replace(/^sips?/i, (scheme) => scheme.toLowerCase()) : `sip:${server}`;
  return /;transport=/i.test(uri) ? uri : `${uri};transport=${protocol.toLowerCase()}`;
}
