import type { Generated } from 'kysely';
import type { Instant } from './columns.ts';

/** Facts about the whole instance. The table has one row. */
interface InstanceTable {
  id: number;
  /** The public URL that was set in the panel. */
  public_url: string | null;
  /** The public URL before the latest change. */
  previous_url: string | null;
  changed_at: Instant | null;
  /** When `./ringup backup` last made a copy. */
  backed_up_at: Instant | null;
  /** When an administrator confirmed that the SIP server reads the credentials. */
  credentials_read_at: Instant | null;
  /** The id of the last event that is included in `provisioning_counts`. */
  counted_event_id: Generated<number>;
}

/** Running server processes. A claim by any other process is orphaned. */
interface NodeTable {
  boot_id: string;
  seen_at: Instant;
  /** The address at which phones reach the node; null until it listens, and on SQLite. */
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
