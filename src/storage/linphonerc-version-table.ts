import type { Generated } from 'kysely';

/** Linphonerc texts that a space has or had. */
export interface LinphonercVersionTable {
  id: Generated<number>;
  space_id: number;
  /** Counted from 1 in each space. */
  number: number;
  text: string;
  /** Epoch milliseconds. */
  at: number;
  /** Who published it; null where an earlier version of Ringup did not write that down. */
  actor_kind: string | null;
  actor_id: number | null;
  actor_name: string | null;
}
