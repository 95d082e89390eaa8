import type { Generated } from 'kysely';
import type { Flag, Instant } from './columns.ts';

/** Phones that received an account. */
interface DeviceTable {
  id: Generated<number>;
  account_id: number;
  /** The token that the phone used. It may have been deleted since. */
  token_id: number;
  /** Random; the name of the device in the API. */
  uuid: string;
  /** Random; part of the provisioning address of a phone that fetches its document again. */
  public_id: string | null;
  name: string;
  agent: string;
  address: string;
  version: string | null;
  key_hash: string | null;
  /** 1 if an earlier version issued the key, and the phone has not yet sent it together with its address. */
  key_alone: Generated<Flag>;
  /** When the phone first sent the key together with the address. */
  key_used_at: Generated<Instant | null>;
  /** Names of algorithms, separated by commas. */
  algorithms: string;
  /** JSON array of all `auth_info` sections that the phone ever received, without their secrets. */
  credentials: string;
  /** The highest number of `auth_info` sections in any of its documents. */
  credential_places: Generated<number>;
  first_seen_at: Instant;
  last_seen_at: Instant;
  revoked_at: Instant | null;
  /** When the phone received the document that removes the account. */
  ended_at: Instant | null;
}

/** Keys from earlier answers to a device's token. They are valid until one of the device's keys is used. */
interface SpareDeviceKeyTable {
  key_hash: string;
  device_id: number;
}

/** The last document that a phone of each account received. */
interface FetchedDocumentTable {
  account_id: number;
  fetched_at: Instant;
  /** JSON array of `[section, entry, value, overwrite]`, with marks instead of secrets. */
  entries: string;
}

export interface DeviceTables {
  fetched_documents: FetchedDocumentTable;
  devices: DeviceTable;
  spare_device_keys: SpareDeviceKeyTable;
}
