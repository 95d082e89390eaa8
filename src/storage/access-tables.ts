import type { Generated } from 'kysely';
import type { Instant } from './columns.ts';

interface ApiKeyTable {
  id: Generated<number>;
  key_hash: string;
  account_id: number;
  name: string | null;
  /**
   * `user`: a user's rights; expires when idle. `account`: the account's rights; valid until it expires or is revoked.
   */
  rights: string;
  bound_address: string | null;
  created_at: Instant;
  last_used_at: Instant;
  expires_at: Instant | null;
}

/** People who are signed in to the panel, each with one browser. */
interface SessionTable {
  id: Generated<number>;
  token_hash: string;
  account_id: number;
  created_at: Instant;
  last_used_at: Instant;
  /** When the password was last given. */
  confirmed_at: Instant;
  address: string;
  agent: string;
}

/** Networks that people lately signed in from. */
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
