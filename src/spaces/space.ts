import type { Algorithm } from '../sip/ha1.ts';

export type RefetchPolicy = 'once' | 'every-start' | 'client';
export type UnknownTokenAnswer = 'base' | 'not-found';

/** A SIP domain with its settings. Durations in milliseconds, except `retryWindow` (seconds). */
export interface Space {
  readonly id: number;
  readonly domain: string;
  /** The host name by which phones reach this space; null: the instance's own. */
  readonly host: string | null;
  readonly name: string;
  /** Its administrators manage all spaces. */
  readonly super: boolean;
  /** A SIP URI; null: TLS to the domain. */
  readonly registrar: string | null;
  /** null: the domain. */
  readonly realm: string | null;
  /** What a new password is stored as when the request names no algorithm. */
  readonly algorithms: readonly Algorithm[];
  readonly linphonerc: string;
  readonly overwriteAll: boolean;
  readonly seeded: readonly string[];
  readonly refetch: RefetchPolicy;
  readonly unknownToken: UnknownTokenAnswer;
  readonly requireProvisioningHeader: boolean;
  readonly retryWindow: number;
  /** null: as the instance's setting says; 0: for ever. */
  readonly tokenLifetime: number | null;
  readonly dependOnExternal: boolean;
  readonly bindKeysToAddress: boolean;
  readonly usernamePattern: string;
  readonly passwordMinLength: number;
  /** 0: no limit. */
  readonly maxAccounts: number;
  /** Of each account; 0: no limit. */
  readonly maxDevices: number;
  /** `host[:port]` or a URI; null: none. */
  readonly turnServer: string | null;
  /** Shared with the TURN server, so it is kept as it is. Never shown. */
  readonly turnSecret: string | null;
  readonly turnLifetime: number;
  /** null: the domain. */
  readonly turnRealm: string | null;
  /** Whether phones are handed TURN credentials in their document. */
  readonly turnInDocument: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type SpaceSettings = Omit<Space, 'id' | 'createdAt' | 'updatedAt'>;

export const defaultTurnLifetime = 86_400_000;

export function realmOf(space: Space): string {
  return space.realm ?? space.domain;
}

export function registrarOf(space: Space): string {
  return space.registrar ?? `sip:${space.domain};transport=tls`;
}

/** The instance's public URL (no slash at its end) under the space's own host, where it has one. */
export function publicUrlOf(space: Space, instanceUrl: string): string {
  if (space.host === null) return instanceUrl;
  const url = new URL(instanceUrl);
  if (space.host.includes(':')) url.host = space.host;
  else url.hostname = space.host;
  return url.href.replace(/\/$/, '');
}

export function defaultSettings(domain: string): SpaceSettings {
  return {
    domain,
    host: null,
    name: domain,
    super: false,
    registrar: null,
    realm: null,
    algorithms: ['SHA-256'],
    linphonerc: '',
    overwriteAll: true,
    seeded: [],
    refetch: 'once',
    unknownToken: 'base',
    requireProvisioningHeader: false,
    retryWindow: 0,
    tokenLifetime: null,
    dependOnExternal: false,
    bindKeysToAddress: false,
    usernamePattern: '^[a-z0-9+_.-]{1,64}$',
    passwordMinLength: 3,
    maxAccounts: 0,
    maxDevices: 0,
    turnServer: null,
    turnSecret: null,
    turnLifetime: defaultTurnLifetime,
    turnRealm: null,
    turnInDocument: false,
  };
}
