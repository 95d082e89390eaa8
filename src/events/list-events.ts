import type { Db } from '../storage/tables.ts';
import type { Event } from './event.ts';
import type { EventLog } from './event-log.ts';
import { type EventFilter, listEvents } from './event-store.ts';
import { settleEvents } from './settled-events.ts';

export type { EventFilter } from './event-store.ts';

export interface TimelineContext {
  readonly database: Db;
  readonly events: EventLog;
  now(): number;
}

export interface EventPage {
  /** The events, in the order in which they happened. */
  readonly events: readonly Event[];
  /** The value of `after` for the next page. */
  readonly next: number;
  /**
   * Whether there were more events when the page was read. The page itself may be empty, if an open transaction may
   * still insert an event before them.
   */
  readonly more: boolean;
}

/** Returns the newest matching events, in the order in which they happened. */
export async function newestEvents(context: TimelineContext, filter: EventFilter, limit: number): Promise<EventPage> {
  await context.events.flush();
  const { after = 0 } = filter;
  const { until, more } = await settleEvents(context, after);
  const events = await listEvents(context.database, { ...filter, before: until + 1 }, limit, true);
  return { events: asHappened(events), next: until, more };
}

/**
 * Returns the newest matching events, the latest first, and the value of `before` for the next older page, if there is
 * one.
 */
export async function eventsBefore(
  context: TimelineContext,
  filter: EventFilter,
  limit: number,
): Promise<{ readonly events: readonly Event[]; readonly older: number | undefined }> {
  await context.events.flush();
  const events = await listEvents(context.database, filter, limit + 1, true);
  const page = events.slice(-limit);
  return { events: asHappened(page).reverse(), older: events.length > page.length ? page[0]?.id : undefined };
}

/** Returns a page of the matching events, beginning with the oldest. */
export async function eventsFrom(context: TimelineContext, filter: EventFilter, limit: number): Promise<EventPage> {
  await context.events.flush();
  const { after = 0 } = filter;
  const settled = await settleEvents(context, after);
  const events = await listEvents(context.database, { ...filter, before: settled.until + 1 }, limit + 1);
  const page = events.slice(0, limit);
  const isCut = events.length > page.length;
  const last = isCut ? page.at(-1)?.id : undefined;
  return { events: asHappened(page), next: last ?? settled.until, more: isCut || settled.more };
}

/** Sorts events by time. Events that were recorded in batches have later ids than others. */
export function asHappened(events: readonly Event[]): Event[] {
  return events.toSorted((one, other) => one.at - other.at || one.id - other.id);
}
