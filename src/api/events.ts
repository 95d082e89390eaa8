import { type Static, Type } from 'typebox';
import { managedAccount, managedEvents } from '../access/managed-account.ts';
import type { App } from '../app.ts';
import { type EventFilter, eventsFrom, newestEvents } from '../events/list-events.ts';
import { readEventFilter } from '../events/read-event-filter.ts';
import { endpoint } from '../http/route.ts';
import { eventAnswer, eventJson } from '../views/event.ts';
import { countIn, countText } from './page-of-query.ts';

const perPage = { max: 500, otherwise: 100 };

const eventsQuery = Type.Object(
  {
    since: Type.Optional(
      Type.String({
        maxLength: 40,
        description:
          'Only later events: a time such as `2026-01-31T12:00:00Z`, a duration before now such as `2h`, or `next` of the ' +
          'previous answer.',
      }),
    ),
    kind: Type.Optional(Type.String({ maxLength: 500, description: 'One or more kinds, separated by commas.' })),
    per_page: Type.Optional(countText(perPage, 'How many of them.')),
  },
  { additionalProperties: false },
);

const eventsAnswer = Type.Object({
  data: Type.Array(eventAnswer),
  next: Type.String({ description: 'The value for `since` in the next request.' }),
  more: Type.Boolean({
    description: 'Whether more events are already there. If so, ask again at once, even if `data` is empty.',
  }),
});

const order =
  'The oldest first; without `since`, the newest `per_page` events in this order. ' +
  '`RINGUP_EVENTS_KEPT` sets how long events are kept.';

export const listAccountEvents = endpoint({
  params: ['id'],
  summary: 'List what happened to an account, its codes and its phones',
  description: order,
  query: eventsQuery,
  answer: eventsAnswer,
  async handle({ app, caller, params, query }) {
    const { account } = await managedAccount(app, caller, params.id);
    return eventPage(app, { accountId: account.id }, query);
  },
});

export const listEvents = endpoint({
  summary: 'List what happened in all spaces that the caller manages',
  description: order,
  query: eventsQuery,
  answer: eventsAnswer,
  handle: ({ app, caller, query }) => eventPage(app, managedEvents(caller), query),
});

async function eventPage(app: App, filter: EventFilter, query: Static<typeof eventsQuery>) {
  const limit = countIn('per_page', query.per_page, perPage);
  const wanted = { ...filter, ...readEventFilter(query, app.now()) };
  const list = query.since === undefined ? newestEvents : eventsFrom;
  const { events, next, more } = await list(app, wanted, limit);
  return { data: events.map((event) => eventJson(event, app.spaces)), next: String(next), more };
}
