import type { Space } from '../spaces/space.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import { countSomeEvents, countsSince, lastEventId } from './provisioning-count-store.ts';

export interface ProvisioningDay {
  /** For example `2026-11-28`. */
  readonly date: string;
  readonly delivered: number;
  /** How many answers were lost. */
  readonly lost: number;
}

const dayMs = 24 * 60 * 60_000;
const daysShown = 30;

/** Keeps daily counts of the phones that were set up, so that a page need not count events. */
export class ProvisioningDays {
  readonly #database: Database;
  #seen: number | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Counts the events that existed at the previous call. On PostgreSQL, an event may become visible after others with
   * higher ids; waiting for the next call makes sure that none is missed.
   */
  async count(): Promise<void> {
    const until = this.#seen;
    this.#seen = await lastEventId(this.#database);
    if (until === undefined) return;
    while (await inTransaction(this.#database, (tx) => countSomeEvents(tx, until))) {}
  }

  /** Returns the last 30 days in a time zone, the earliest first. */
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
  // The Swedish format is that of ISO 8601.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (at) => format.format(at);
}

/** Returns the dates. It steps by half a day, because a day may have 23 or 25 hours. */
function datesUntil(now: number, dateOf: (at: number) => string): string[] {
  const dates = new Set<string>();
  for (let at = now - (daysShown + 1) * dayMs; at <= now; at += dayMs / 2) dates.add(dateOf(at));
  dates.add(dateOf(now));
  return [...dates].slice(-daysShown);
}
