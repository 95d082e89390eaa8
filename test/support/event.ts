import type { Event, EventKind } from '../../src/events/event.ts';

/** Returns an event of this kind without any other facts than those in `more`. */
export function eventOf(kind: EventKind, more: Partial<Event> = {}): Event {
  return {
    id: 1,
    at: 0,
    lastAt: 0,
    count: 1,
    kind,
    spaceId: 1,
    accountId: 1,
    tokenId: null,
    actor: null,
    address: null,
    agent: null,
    detail: {},
    ...more,
  };
}
