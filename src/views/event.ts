import { Type } from 'typebox';
import { actorText } from '../events/actor.ts';
import { type Event, eventKinds } from '../events/event.ts';
import { nullable } from '../lib/check-shape.ts';
import { sentenceOf } from '../locale/describe-event.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import { isoDate } from './iso-date.ts';

export const eventAnswer = Type.Object(
  {
    id: Type.Integer({ description: 'Later events have higher ids.' }),
    at: Type.String({
      format: 'date-time',
      description: 'When it happened; if `count` is more than 1, the first time.',
    }),
    last_at: Type.String({ format: 'date-time', description: 'When it happened the last time.' }),
    count: Type.Integer({
      description:
        'How often it happened. What phones and visitors repeat within ten minutes is one event, whose `count` can grow.',
    }),
    kind: Type.String({ description: `One of ${Object.keys(eventKinds).join(', ')}. Later versions may add others.` }),
    sentence: Type.String({ description: 'The event as an English sentence.' }),
    space: nullable(Type.String({ description: 'The domain of the space.' })),
    account_id: nullable(Type.Integer()),
    token_id: nullable(Type.Integer()),
    actor: nullable(Type.String({ description: 'Who did it, or null for a phone or a visitor.' })),
    address: nullable(Type.String({ description: 'The address of the phone or browser; of several, the last.' })),
    agent: nullable(Type.String({ description: 'The User-Agent of the phone or browser.' })),
    detail: Type.Unsafe<Event['detail']>({
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
      description:
        'The facts of this kind of event, such as `reason`, `document` (the first digits of its SHA-256) or `fields`.',
    }),
  },
  { title: 'Event' },
);

export function eventJson(event: Event, spaces: SpaceDirectory) {
  return {
    id: event.id,
    at: isoDate(event.at),
    last_at: isoDate(event.lastAt),
    count: event.count,
    kind: event.kind,
    sentence: sentenceOf(event),
    space: spaces.findById(event.spaceId)?.domain ?? null,
    account_id: event.accountId,
    token_id: event.tokenId,
    actor: event.actor === null ? null : actorText(event.actor),
    address: event.address,
    agent: event.agent,
    detail: event.detail,
  };
}
