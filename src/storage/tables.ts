import type { Generated, Kysely, Transaction as KyselyTransaction } from 'kysely';

/** Milliseconds since 1970 (UTC). */
type Instant = number;
/** 0 or 1: the one form of a truth value that both databases share. */
type Flag = number;

/** The columns that queries name. Each of `spaceSettings` (`spaces/space-settings.ts`) has one too, named like it. */
export interface SpaceTable {
  id: Generated<number>;
  domain: string;
  super: Flag;
  created_at: Instant;
  updated_at: Instant;
}

export interface AccountTable {
  id: Generated<number>;
  space_id: number;
  username: string;
  display_name: string | null;
  email: string | null;
  phone: string | null;
  admin: Flag;
  dtmf_protocol: string;
  ha1_sha256: string | null;
  ha1_md5: string | null;
  activated_at: Instant | null;
  blocked_at: Instant | null;
  /** Counts every change of the account and of its tokens; conditional updates name it. */
  version: number;
  created_at: Instant;
  updated_at: Instant;
}

export interface ExternalAccountTable {
  account_id: number;
  username: string;
  domain: string;
  realm: string | null;
  registrar: string | null;
  outbound_proxy: string | null;
  protocol: string;
  ha1_sha256: string | null;
  ha1_md5: string | null;
  created_at: Instant;
  updated_at: Instant;
}

export interface ContactTable {
  account_id: number;
  contact_id: number;
  created_at: Instant;
}

export interface TokenTable {
  id: Generated<number>;
  /** `provisioning`, `auth`, or `setup` (the link that makes the first administrator). */
  kind: string;
  token_hash: string;
  /** The first letters of the secret, for people to tell codes apart; only of provisioning tokens. */
  prefix: string | null;
  /** Who issued it. */
  issuer_kind: Generated<string | null>;
  issuer_id: Generated<number | null>;
  issuer_name: Generated<string | null>;
  account_id: number | null;
  created_at: Instant;
  expires_at: Instant | null;
  /** Set when a newer token, a block or an administrator ended it. */
  revoked_at: Instant | null;
  /** The first time it was used up. */
  claimed_at: Instant | null;
  /** `answering`, `delivered` or `lost`; null while unused. */
  outcome: string | null;
  /** The process that answers or answered. */
  boot_id: string | null;
  /** How often it was claimed: 1 after the first time, more after lost answers. */
  attempts: Generated<number>;
  client_address: string | null;
  client_agent: string | null;
}

export interface ApiKeyTable {
  id: Generated<number>;
  key_hash: string;
  account_id: number;
  name: string | null;
  /** `user`: a user's rights, ends when idle. `account`: the account's rights, ends when told. */
  rights: string;
  bound_address: string | null;
  created_at: Instant;
  last_used_at: Instant;
  expires_at: Instant | null;
}

/** What each account's phone was last handed. */
export interface FetchedDocumentTable {
  account_id: number;
  fetched_at: Instant;
  /** JSON array of `[section, entry, value, overwrite]`; secrets are stood for by marks. */
  entries: string;
}

/** Phones that accounts were given to. */
export interface DeviceTable {
  id: Generated<number>;
  account_id: number;
  /** The token it came by, which may be forgotten since. */
  token_id: number;
  /** Of phones that ask again, and hold no key. */
  public_id: string | null;
  name: string;
  agent: string;
  address: string;
  version: string | null;
  key_hash: string | null;
  /** Names of algorithms, with commas between. */
  algorithms: string;
  first_seen_at: Instant;
  last_seen_at: Instant;
  revoked_at: Instant | null;
  /** When it was told that it was revoked. */
  ended_at: Instant | null;
}

/** Processes that answer requests, so that others can tell whose claims are orphaned. */
export interface NodeTable {
  boot_id: string;
  seen_at: Instant;
}

/** Counters that let processes notice each other's changes: `spaces`. */
export interface RevisionTable {
  name: string;
  value: number;
}

/** The views for SIP servers: a stable contract, active accounts only. */
export interface SipCredentialView {
  username: string;
  domain: string;
  realm: string;
  algorithm: string;
  ha1: string;
}

export interface EventTable {
  id: Generated<number>;
  at: Instant;
  kind: string;
  space_id: number;
  account_id: number | null;
  token_id: number | null;
  actor_kind: string | null;
  actor_id: number | null;
  actor_name: string | null;
  address: string | null;
  agent: string | null;
  /** JSON object. */
  detail: string;
}

export interface Tables {
  events: EventTable;
  spaces: SpaceTable;
  accounts: AccountTable;
  external_accounts: ExternalAccountTable;
  contacts: ContactTable;
  tokens: TokenTable;
  api_keys: ApiKeyTable;
  fetched_documents: FetchedDocumentTable;
  devices: DeviceTable;
  nodes: NodeTable;
  revisions: RevisionTable;
  sip_credentials: SipCredentialView;
}

/** The database or a transaction: stores take either. */
export type Db = Kysely<Tables>;
/** What must happen together with other changes, or under a lock, takes this. */
export type Transaction = KyselyTransaction<Tables>;
