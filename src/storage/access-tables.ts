import type { Generated } from 'kysely';
import type { Instant } from './columns.ts';

interface ApiKeyTable {
  id: Generated<number>;
  key_hash: string;
  account_id: number;
  name: string | null;
  /**
   * `user`: the rights of a user; the key expires when it is not used. `account`: all rights of the account; the key is
   * valid until it expires or is revoked.
   */
  rights: string;
  bound_address: string | null;
  created_at: Instant;
  last_used_at: Instant;
  expires_at: Instant | null;
}

/** Sessions in the panel: one person in one browser each. */
interface SessionTable {
  id: Generated<number>;
  token_hash: string;
  account_id: number;
  created_at: Instant;
  last_used_at: Instant;
  /** When the password was last given in this session. */
  confirmed_at: Instant;
  address: string;
  agent: string;
  /** The hash of the secret before, until the current one is used. */
  previous_hash: Generated<string | null>;
}

/** Networks from which people signed in recently. */
interface FamiliarNetworkTable {
  account_id: number;
  /** An IPv4 address, or the /64 of an IPv6 address. */
  network: string;
  signed_in_at: Instant;
}

export interface AccessTables {
  api_keys: ApiKeyTable;
  sessions: SessionTable;
  familiar_networks: FamiliarNetworkTable;
}
