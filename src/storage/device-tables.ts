import type { Generated } from 'kysely';
import type { Flag, Instant } from './columns.ts';

/** Phones that got an account. */
interface DeviceTable {
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
interface SpareDeviceKeyTable {
  key_hash: string;
  device_id: number;
}

/** The document that each account's phone last got. */
interface FetchedDocumentTable {
  account_id: number;
  fetched_at: Instant;
  /** JSON array of `[section, entry, value, overwrite]`, with marks in place of secrets. */
  entries: string;
}

export interface DeviceTables {
  fetched_documents: FetchedDocumentTable;
  devices: DeviceTable;
  spare_device_keys: SpareDeviceKeyTable;
}
