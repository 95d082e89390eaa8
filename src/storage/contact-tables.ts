import type { Generated } from 'kysely';
import type { Instant } from './columns.ts';

interface ContactTable {
  account_id: number;
  contact_id: number;
  created_at: Instant;
}

/** Lists of contacts as in FlexiAPI: the members are contacts of each account that reads the list. */
export interface ContactListTable {
  id: Generated<number>;
  space_id: number;
  title: string;
  description: string;
  created_at: Instant;
  updated_at: Instant;
}

/** The members and readers of lists. */
interface ContactListAccountTable {
  list_id: number;
  account_id: number;
  created_at: Instant;
}

/** Contacts without an account, which everybody in a space has. */
export interface OutsideContactTable {
  id: Generated<number>;
  space_id: number;
  name: string;
  sip_uri: string | null;
  phone: string | null;
  organization: string | null;
  created_at: Instant;
  updated_at: Instant;
}

/** A row for each change in the content of a space's directory. Those of accounts are written by triggers. */
interface DirectoryChangeTable {
  id: Generated<number>;
  space_id: number;
}

export interface ContactTables {
  contacts: ContactTable;
  contact_lists: ContactListTable;
  contact_list_members: ContactListAccountTable;
  contact_list_readers: ContactListAccountTable;
  outside_contacts: OutsideContactTable;
  directory_changes: DirectoryChangeTable;
}
