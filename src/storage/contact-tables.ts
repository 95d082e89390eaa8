import type { Generated } from 'kysely';
import type { Instant } from './columns.ts';

interface ContactTable {
  account_id: number;
  contact_id: number;
  created_at: Instant;
}

/** Lists of contacts, as FlexiAPI has them: whoever reads a list has its members as contacts. */
export interface ContactListTable {
  id: Generated<number>;
  space_id: number;
  title: string;
  description: string;
  created_at: Instant;
  updated_at: Instant;
}

/** The accounts in a list, and those that read it. */
interface ContactListAccountTable {
  list_id: number;
  account_id: number;
  created_at: Instant;
}

/** Contacts of everybody in a space who are not accounts. */
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

/** A row for each change of what a space's directory says. Triggers write those of accounts. */
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
