import type { Generated } from 'kysely';
import type { ActorColumns, Instant } from './columns.ts';

export interface EventTable extends ActorColumns {
  id: Generated<number>;
  at: Instant;
  kind: string;
  space_id: number;
  account_id: number | null;
  token_id: number | null;
  address: string | null;
  agent: string | null;
  /** JSON object. */
  detail: string;
  /** How many events the row stands for. */
  count: Generated<number>;
  /** When the last of them happened; null if there is only one. */
  last_at: Generated<Instant | null>;
  /**
   * A key that events of one account and kind must have in common to share a row; null if the event is never merged.
   */
  merged_by: Generated<string | null>;
}

export interface EventTables {
  events: EventTable;
}
