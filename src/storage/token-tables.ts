import type { Generated } from 'kysely';
import type { Flag, Instant } from './columns.ts';

export interface TokenTable {
  id: Generated<number>;
  /**
   * `provisioning`, `auth`, `setup` (a link that creates the first administrator), `login` (a link that signs in) or
   * `password-reset`.
   */
  kind: string;
  token_hash: string;
  /** The first characters of the secret, so that people can tell codes apart. Only provisioning tokens have them. */
  prefix: string | null;
  /** Random; the token is derived from it. Null if the token cannot be shown again. */
  salt: Generated<string | null>;
  /** 1 if the URL in the code asks for a new password. */
  resets_password: Generated<Flag>;
  /** The actor that issued the token. */
  issuer_kind: Generated<string | null>;
  issuer_id: Generated<number | null>;
  issuer_name: Generated<string | null>;
  account_id: number | null;
  created_at: Instant;
  expires_at: Instant | null;
  /** When a newer token, a block or an administrator revoked it. */
  revoked_at: Instant | null;
  /** When it was first used. */
  claimed_at: Instant | null;
  /** `answering`, `delivered` or `lost`; null while unused. */
  outcome: string | null;
  /** When the outcome of the latest answer was stored. */
  ended_at: Generated<Instant | null>;
  /** The process that sends or sent the latest answer. */
  boot_id: string | null;
  /** Identifies the latest claim. */
  claim_id: string | null;
  /** How often it was claimed: 1 after the first claim, more if answers were lost. */
  attempts: Generated<number>;
  /** The client that used the token. For an unused auth token, the network that requested it. */
  client_address: string | null;
  client_agent: string | null;
}

export interface TokenTables {
  tokens: TokenTable;
}
