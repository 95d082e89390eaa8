import type { Generated, GeneratedAlways } from 'kysely';
import type { Flag, Instant } from './columns.ts';

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

/** The facts that account lists filter by, and the state that follows from them. */
export interface AccountStateTable {
  account_id: number;
  space_id: number;
  group_name: string | null;
  no_mail: Flag;
  blocked_at: Instant | null;
  failed_at: Generated<Instant | null>;
  /** Why the account failed; null together with `failed_at`. */
  failure: Generated<string | null>;
  used_at: Generated<Instant | null>;
  /** When the valid code was issued; meaningless if there is none. */
  code_at: Generated<Instant | null>;
  code_ends_at: Generated<Instant | null>;
  code_ended_at: Generated<Instant | null>;
  /** When the mail server accepted the last mail with a code. */
  invited_at: Generated<Instant | null>;
  state: GeneratedAlways<string>;
}

/** How many accounts of a space are in each state. Changes in `account_count_changes` are not included yet. */
interface AccountCountTable {
  space_id: number;
  state: string;
  count: number;
}

/** Changes of `account_counts`, written by triggers on `account_states`. */
interface AccountCountChangeTable {
  id: Generated<number>;
  space_id: number;
  state: string;
  delta: number;
}

export interface ExternalAccountTable {
  account_id: number;
  username: string;
  /** null: the same as the user name. */
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

/** The views that SIP servers read. They are a stable interface and contain active accounts only. */
export interface SipCredentialView {
  username: string;
  domain: string;
  realm: string;
  algorithm: string;
  ha1: string;
}

export interface AccountTables {
  accounts: AccountTable;
  account_states: AccountStateTable;
  account_counts: AccountCountTable;
  account_count_changes: AccountCountChangeTable;
  external_accounts: ExternalAccountTable;
  sip_credentials: SipCredentialView;
}
