import type { Generated } from 'kysely';
import type { Instant } from './columns.ts';

/** What belongs to the whole instance. It has one row. */
interface InstanceTable {
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

/** Running server processes. They show which claims are orphaned. */
interface NodeTable {
  boot_id: string;
  seen_at: Instant;
  /** Where phones reach it; null until it listens, and on SQLite. */
  public_url: string | null;
  ended_at: Instant | null;
}

/** Counters by which processes notice each other's changes, such as `spaces`. */
interface RevisionTable {
  name: string;
  value: number;
}

export interface InstanceTables {
  instance: InstanceTable;
  nodes: NodeTable;
  revisions: RevisionTable;
}
