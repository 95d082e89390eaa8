import type { Insertable, Selectable } from 'kysely';
import type { EventTable } from '../storage/event-tables.ts';
import { actorColumns, actorOfColumns } from './actor.ts';
import type { Event, EventDetail, EventKind, NewEvent } from './event.ts';

export function rowOfEvent(event: NewEvent): Insertable<EventTable> {
  const { at, kind, spaceId, accountId, tokenId = null, actor = null, address = null, agent = null, detail } = event;
  return {
    at,
    kind,
    space_id: spaceId,
    account_id: accountId,
    token_id: tokenId,
    ...actorColumns(actor),
    address,
    agent,
    detail: JSON.stringify(detail ?? {}),
  };
}

export function eventOf(row: Selectable<EventTable>): Event {
  return {
    id: row.id,
    at: row.at,
    // A later version may have recorded it, so this version may not know the kind.
    kind: row.kind as EventKind,
    spaceId: row.space_id,
    accountId: row.account_id,
    tokenId: row.token_id,
    actor: actorOfColumns(row),
    address: row.address,
    agent: row.agent,
    detail: JSON.parse(row.detail) as EventDetail,
    lastAt: row.last_at ?? row.at,
    count: row.count,
  };
}
