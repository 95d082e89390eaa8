/** Milliseconds since 1970 (UTC). */
export type Instant = number;
/** 0 or 1, the only boolean values that both databases share. */
export type Flag = number;

/** The three columns of an actor. */
export interface ActorColumns {
  readonly actor_kind: string | null;
  readonly actor_id: number | null;
  readonly actor_name: string | null;
}
