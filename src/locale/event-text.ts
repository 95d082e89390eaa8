import type { Actor } from '../events/actor.ts';
import type { Event, EventKind } from '../events/event.ts';
import { deviceName } from '../sip/device-name.ts';
import { sentenceOf } from './describe-event.ts';
import { isMessageKey, type MessageKey, type Translate } from './translate.ts';

/** The texts of a page about an event, in the reader's language. */
export interface EventText {
  /** A few words for the most important events; empty for all others. */
  readonly title: string;
  readonly sentence: string;
  /** The actor, the address, and the number of repetitions. */
  readonly detail: string;
}

/** Phones choose their names, so invisible characters and direction marks are replaced. */
const unseen = /\p{C}/gu;

/** Returns the texts of an event. `showTime` formats an instant in the reader's time zone. */
export function eventText(t: Translate, event: Event, showTime: (instant: number) => string): EventText {
  const key = keyOf(event);
  const clean = (text: string) => text.replace(unseen, '\uFFFD');
  const titleKey = `event.${event.kind}.title`;
  return {
    title: isMessageKey(titleKey) ? clean(t(titleKey)) : '',
    // The event may be from a later version, or of a kind whose sentence exists only in English.
    sentence: clean(key === undefined ? sentenceOf(event, showTime) : t(key, factsOf(t, event, showTime))),
    detail: clean(detailOf(t, event, showTime)),
  };
}

/** For kinds of events with several sentences: returns the suffix of the message key, by the facts of the event. */
const variants: Partial<Record<EventKind, (event: Event) => string>> = {
  'token-issued': ({ detail }) => (typeof detail.expires_at === 'number' ? '' : '.forever'),
  'token-extended': ({ detail }) => (typeof detail.expires_at === 'number' ? '' : '.forever'),
  'token-revoked': ({ detail }) => (detail.codes === 'all' ? '.all' : ''),
  'mail-queued': mailKind,
  'mail-sent': mailKind,
  'mail-failed': mailKind,
  fetched: ({ detail }) => (detail.new_password === true ? '.newPassword' : ''),
};

function mailKind({ detail }: Event): string {
  return detail.mail === 'password-reset' ? '.reset' : '';
}

function keyOf(event: Event): MessageKey | undefined {
  const key = `event.${event.kind}${variants[event.kind]?.(event) ?? ''}`;
  return isMessageKey(key) ? key : undefined;
}

function factsOf(t: Translate, { kind, detail, agent, count }: Event, showTime: (instant: number) => string) {
  const text = (value: unknown) => (value === undefined || value === null ? '…' : String(value));
  const { expires_at: expiresAt } = detail;
  return {
    name: text(detail.name ?? detail.username ?? detail.key),
    fields: fieldNames(t, text(detail.fields)),
    contact: text(detail.contact),
    list: text(detail.list),
    domain: text(detail.domain),
    before: text(detail.from),
    time: typeof expiresAt === 'number' ? showTime(expiresAt) : '',
    reason: reasonOf(t, detail.reason),
    phone: agent === null || agent === '' ? t('event.aPhone') : deviceName(agent),
    of: text(detail.of),
    to: text(detail.to),
    answer: answerOf(t, detail),
    count: kind === 'events-dropped' ? count : 1,
  };
}

function fieldNames(t: Translate, fields: string): string {
  const names = fields.split(', ').map((field) => {
    const key = `field.${field}`;
    return isMessageKey(key) ? t(key) : field;
  });
  return names.join(', ');
}

/** Returns why the mail server did not receive the mail, or what the server said. */
function answerOf(t: Translate, { answer, reason }: Event['detail']): string {
  const key = `unsent.${reason}`;
  if (isMessageKey(key)) return t(key);
  return typeof answer === 'string' ? answer : '…';
}

function reasonOf(t: Translate, reason: unknown): string {
  const key = `reason.${String(reason)}`;
  return isMessageKey(key) ? t(key) : String(reason ?? '');
}

function detailOf(t: Translate, event: Event, showTime: (instant: number) => string): string {
  const { actor, address, agent, count, lastAt, kind } = event;
  const parts = [
    actor === null ? '' : actorText(t, actor),
    address === null ? '' : t('event.from', { address }),
    agent === null || kind === 'fetched' || kind === 'refetched' ? '' : agent,
    count === 1 || kind === 'events-dropped' ? '' : t('event.times', { count, time: showTime(lastAt) }),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function actorText(t: Translate, { kind, name }: Actor): string {
  switch (kind) {
    case 'account':
    case 'unknown':
      return t('event.by', { name: name ?? '' });
    case 'api-key':
      return t('event.byKey', { name: name ?? '' });
    case 'self':
      return t('event.bySelf');
    case 'command-line':
      return t('event.byCommand');
    case 'setup-link':
      return t('event.bySetup');
  }
}
