import type { Db } from '../storage/tables.ts';
import type { Event } from './event.ts';
import type { EventLog } from './event-log.ts';
import { type EventFilter, listEvents } from './event-store.ts';

export type { EventFilter } from './event-store.ts';

export interface TimelineContext {
  readonly database: Db;
  readonly events: EventLog;
}

export interface EventPage {
  /** In the order in which they happened. */
  readonly events: readonly Event[];
  /** For `after` of the next page. */
  readonly next: number;
  /** Whether there is more already. */
  readonly more: boolean;
}

/** The newest events that match, in the order in which they happened. */
export async function newestEvents(context: TimelineContext, filter: EventFilter, limit: number): Promise<EventPage> {
  await context.events.flush();
  const events = await listEvents(context.database, filter, limit, true);
  return { events: asHappened(events), next: events.at(-1)?.id ?? filter.after ?? 0, more: false };
}

/** The events that match from the oldest on, a page at a time. */
export async function eventsFrom(context: TimelineContext, filter: EventFilter, limit: number): Promise<EventPage> {
  await context.events.flush();
  const events = await listEvents(context.database, filter, limit + 1);
  const page = events.slice(0, limit);
  return {
    events: asHappened(page),
    next: page.at(-1)?.id ?? filter.after ?? 0,
    more: events.length > page.length,
  };
}

/** By their time: what was recorded in batches has later ids than what was not. */
export function asHappened(events: readonly Event[]): Event[] {
  return events.toSorted((one, other) => one.at - other.at || one.id - other.id);
}
