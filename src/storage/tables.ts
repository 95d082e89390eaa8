import type { Generated, GeneratedAlways, Kysely, Transaction as KyselyTransaction } from 'kysely';
import type { ContactTables } from './contact-tables.ts';
import type { ImportRowTable, ImportTable } from './import-tables.ts';
import type { InstanceTable, ProvisioningCountTable, RegistrarAnswerTable } from './instance-tables.ts';
import type { LinphonercVersionTable } from './linphonerc-version-table.ts';
import type { MailTables } from './mail-tables.ts';

/** Milliseconds since 1970 (UTC). */
type Instant = number;
/** 0 or 1: the only form of a boolean that both databases share. */
type Flag = number;

/**
 * The columns that queries name. Each of `spaceSettings` (`spaces/space-settings.ts`) also has a column of its name.
 */
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
  linphonerc: Generated<string>;
  note: Generated<string | null>;
  group_name: Generated<string | null>;
  language: Generated<string | null>;
  activated_at: Instant | null;
  blocked_at: Instant | null;
  /** Incremented with every change to the account and its tokens. Conditional updates compare it. */
  version: number;
  created_at: Instant;
  updated_at: Instant;
}

/** What lists of accounts filter by: facts, and the state that follows from them. */
export interface AccountStateTable {
  account_id: number;
  space_id: number;
  group_name: string | null;
  no_mail: Flag;
  blocked_at: Instant | null;
  failed_at: Generated<Instant | null>;
  /** Why it failed; null together with `failed_at`. */
  failure: Generated<string | null>;
  used_at: Generated<Instant | null>;
  /** When the valid code was issued; it means nothing where there is none. */
  code_at: Generated<Instant | null>;
  code_ends_at: Generated<Instant | null>;
  code_ended_at: Generated<Instant | null>;
  /** When the mail server took the last mail with a code. */
  invited_at: Generated<Instant | null>;
  state: GeneratedAlways<string>;
}

/** How many accounts of a space are in a state, but for `account_count_changes`. */
export interface AccountCountTable {
  space_id: number;
  state: string;
  count: number;
}

/** What triggers on `account_states` count. */
export interface AccountCountChangeTable {
  id: Generated<number>;
  space_id: number;
  state: string;
  delta: number;
}

export interface ExternalAccountTable {
  account_id: number;
  username: string;
  /** null: the user name. */
  auth_username: string | null;
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
  /** `provisioning`, `auth`, `setup` (the link that makes the first administrator), or `login` (a link that signs in). */
  kind: string;
  token_hash: string;
  /** The first characters of the secret, so that people can tell codes apart. Only provisioning tokens have it. */
  prefix: string | null;
  /** Random; the token follows from it. Null where the token cannot be shown again. */
  salt: Generated<string | null>;
  /** 1 if the address in the code asks for a new password. */
  resets_password: Generated<Flag>;
  /** Who issued it. */
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
  /** When the outcome of the latest answer was written down. */
  ended_at: Generated<Instant | null>;
  /** The process that sends or sent the answer. */
  boot_id: string | null;
  /** Of the latest claim. */
  claim_id: string | null;
  /** How often it was claimed: 1 after the first time, more after lost answers. */
  attempts: Generated<number>;
  /** Of an auth token that is not used yet, the network that asked for it. */
  client_address: string | null;
  client_agent: string | null;
}

export interface ApiKeyTable {
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
export interface SessionTable {
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
export interface FamiliarNetworkTable {
  account_id: number;
  /** An IPv4 address, or the /64 of an IPv6 address. */
  network: string;
  signed_in_at: Instant;
}

/** The document that each account's phone last got. */
export interface FetchedDocumentTable {
  account_id: number;
  fetched_at: Instant;
  /** JSON array of `[section, entry, value, overwrite]`, with marks in place of secrets. */
  entries: string;
}

/** Phones that got an account. */
export interface DeviceTable {
  id: Generated<number>;
  account_id: number;
  /** The token that the phone used, which may have been deleted since. */
  token_id: number;
  /** Random; the name of the device in the API. */
  uuid: string;
  /** Random; part of the address of a phone that fetches again. */
  public_id: string | null;
  name: string;
  agent: string;
  address: string;
  version: string | null;
  key_hash: string | null;
  /** 1 if an earlier version issued the key and its phone has not shown it together with its address yet. */
  key_alone: Generated<Flag>;
  /** When the key was first shown together with the address. */
  key_used_at: Generated<Instant | null>;
  /** Names of algorithms, separated by commas. */
  algorithms: string;
  /** JSON array of all `auth_info` that the phone was ever given, without secrets. */
  credentials: string;
  /** How many `auth_info` sections the longest of its documents had. */
  credential_places: Generated<number>;
  first_seen_at: Instant;
  last_seen_at: Instant;
  revoked_at: Instant | null;
  /** When the phone got the document that removes the account. */
  ended_at: Instant | null;
}

/** Keys of earlier answers to a device's token. They are good until one of the device's keys is used. */
export interface SpareDeviceKeyTable {
  key_hash: string;
  device_id: number;
}

/** Running server processes. They show which claims are orphaned. */
export interface NodeTable {
  boot_id: string;
  seen_at: Instant;
  /** Where phones reach it; null until it listens, and on SQLite. */
  public_url: string | null;
  ended_at: Instant | null;
}

/** Counters by which processes notice each other's changes, such as `spaces`. */
export interface RevisionTable {
  name: string;
  value: number;
}

/** The views for SIP servers: a stable contract, with active accounts only. */
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
  /** How many events the row stands for. */
  count: Generated<number>;
  /** When the last of them happened; null if there is only one. */
  last_at: Generated<Instant | null>;
  /** What events of one account and kind must have in common to share a row; null if they never do. */
  merged_by: Generated<string | null>;
}

export interface Tables extends ContactTables, MailTables {
  events: EventTable;
  spaces: SpaceTable;
  registrar_answers: RegistrarAnswerTable;
  linphonerc_versions: LinphonercVersionTable;
  accounts: AccountTable;
  account_states: AccountStateTable;
  account_counts: AccountCountTable;
  account_count_changes: AccountCountChangeTable;
  external_accounts: ExternalAccountTable;
  contacts: ContactTable;
  tokens: TokenTable;
  api_keys: ApiKeyTable;
  sessions: SessionTable;
  familiar_networks: FamiliarNetworkTable;
  fetched_documents: FetchedDocumentTable;
  devices: DeviceTable;
  spare_device_keys: SpareDeviceKeyTable;
  instance: InstanceTable;
  provisioning_counts: ProvisioningCountTable;
  nodes: NodeTable;
  revisions: RevisionTable;
  imports: ImportTable;
  import_rows: ImportRowTable;
  sip_credentials: SipCredentialView;
}

/** The database or a transaction: stores take either. */
export type Db = Kysely<Tables>;
/** A parameter of this type marks what must happen together with other changes, or under a lock. */
export type Transaction = KyselyTransaction<Tables>;
