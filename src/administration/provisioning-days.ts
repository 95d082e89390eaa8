import type { Space } from '../spaces/space.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { countSomeEvents, countsSince, lastEventId } from './provisioning-count-store.ts';

/** One day in some time zone. */
export interface ProvisioningDay {
  /** Such as `2026-11-28`. */
  readonly date: string;
  /** How many phones got their account. */
  readonly delivered: number;
  /** How many answers got lost. */
  readonly lost: number;
}

const dayMs = 24 * 60 * 60_000;
const daysShown = 30;

/** Keeps the number of phones that were set up each day, so that nobody who asks has to count events. */
export class ProvisioningDays {
  readonly #database: Database;
  #seen: number | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Counts the events that were there at the previous call. On PostgreSQL, an event may become visible after others
   * with higher ids; until the next call it has.
   */
  async count(): Promise<void> {
    const until = this.#seen;
    this.#seen = await lastEventId(this.#database);
    if (until === undefined) return;
    while (await inTransaction(this.#database, (tx) => countSomeEvents(tx, until))) {}
  }

  /** Returns the last 30 days, the earliest first, by the clock of a time zone. */
  async lastDays({ id }: Pick<Space, 'id'>, timeZone: string, now: number): Promise<ProvisioningDay[]> {
    const dateOf = dateReader(timeZone);
    const days = datesUntil(now, dateOf);
    const counts = await countsSince(this.#database, id, now - (daysShown + 1) * dayMs);
    const byDate = Map.groupBy(counts, ({ slot }) => dateOf(slot));
    return days.map((date) => {
      const some = byDate.get(date) ?? [];
      return {
        date,
        delivered: some.reduce((sum, { delivered }) => sum + delivered, 0),
        lost: some.reduce((sum, { lost }) => sum + lost, 0),
      };
    });
  }
}

function dateReader(timeZone: string): (at: number) => string {
  // Sweden writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (at) => format.format(at);
}

/** Steps of half a day, because a day may have 23 or 25 hours. */
function datesUntil(now: number, dateOf: (at: number) => string): string[] {
  const dates = new Set<string>();
  for (let at = now - (daysShown + 1) * dayMs; at <= now; at += dayMs / 2) dates.add(dateOf(at));
  dates.add(dateOf(now));
  return [...dates].slice(-daysShown);
}
