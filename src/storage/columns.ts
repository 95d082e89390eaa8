/** Milliseconds since 1970 (UTC). */
export type Instant = number;
/** 0 or 1: the only form of a boolean that both databases share. */
export type Flag = number;

/** The three columns that store who did something. */
export interface ActorColumns {
  readonly actor_kind: string | null;
  readonly actor_id: number | null;
  readonly actor_name: string | null;
}
