import type { Event, EventKind } from '../../src/events/event.ts';

/** An event of this kind of which nothing else is known, unless `more` says it. */
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
