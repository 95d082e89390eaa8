import type { Generated } from 'kysely';

/** Milliseconds since 1970 (UTC). */
type Instant = number;

/** What belongs to the whole instance. It has one row. */
export interface InstanceTable {
  id: number;
  /** The address for phones that was set in the panel. */
  public_url: string | null;
  /** The one before the latest change. */
  previous_url: string | null;
  changed_at: Instant | null;
  /** When `./ringup backup` last made a copy. */
  backed_up_at: Instant | null;
  /** When an administrator said that the SIP server reads the credentials. */
  credentials_read_at: Instant | null;
  /** The last event that is in `provisioning_counts`. */
  counted_event_id: Generated<number>;
}

/** What the SIP server of a space said when it was asked last. */
export interface RegistrarAnswerTable {
  space_id: number;
  uri: string;
  asked_at: Instant;
  /** null: there was no answer. */
  status: number | null;
  reason: string | null;
  server: string | null;
  /** What is wrong with its certificate. */
  certificate: string | null;
}

/** How many phones of a space were set up in half an hour, and how many answers got lost. */
export interface ProvisioningCountTable {
  space_id: number;
  /** When the half hour begins. */
  slot: Instant;
  delivered: number;
  lost: number;
}
