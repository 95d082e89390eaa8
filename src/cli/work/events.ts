import type { Command } from 'commander';
import { usernamesOf } from '../../accounts/list-accounts.ts';
import type { App } from '../../app.ts';
import { withoutControls } from '../../errors/quote-text.ts';
import { AppError } from '../../errors.ts';
import type { Event } from '../../events/event.ts';
import { followEvents } from '../../events/follow-events.ts';
import { type EventFilter, eventsBefore, newestEvents } from '../../events/list-events.ts';
import { readEventFilter } from '../../events/read-event-filter.ts';
import { wrapLines } from '../../lib/text-width.ts';
import { sentenceOf } from '../../locale/describe-event.ts';
import { eventJson } from '../../views/event.ts';
import { accountAt, getSpace } from '../account-at.ts';
import { given, readOptions } from '../fields.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { localTime } from '../output/local-time.ts';
import { jsonText, say, screenOf, wantsJson } from '../output/print.ts';

export interface EventsOptions {
  readonly since?: string;
  readonly kind?: string;
  readonly space?: string;
  readonly limit: number;
  readonly follow?: boolean;
}

export function showEvents(
  command: Command,
  io: Io,
  address: string | undefined,
  options: EventsOptions,
): Promise<void> {
  // An address names its space already: a USER alone is one of the first.
  if (address !== undefined && options.space !== undefined)
    throw new AppError('usage-wrong', { complaint: '--space cannot be combined with USER.' });
  return withApp(command, io, (app) => show(command, io, app, { ...options, address }));
}

async function show(
  command: Command,
  io: Io,
  app: App,
  options: EventsOptions & { readonly address: string | undefined },
): Promise<void> {
  const { since, kind, address } = options;
  const { kinds, ...start } = readOptions(() => readEventFilter(given({ since, kind }), app.now()));
  const account = address === undefined ? undefined : (await accountAt(app, address)).account;
  const filter: EventFilter = {
    ...(options.space === undefined ? {} : { spaceIds: [getSpace(app, options.space).id] }),
    ...(account === undefined ? {} : { accountId: account.id }),
    ...given({ kinds }),
  };
  const first = () => newestEvents(app, { ...filter, ...start }, options.limit);
  const showAll = async (events: readonly Event[]): Promise<void> => {
    if (wantsJson(command)) for (const event of events) io.out(`${jsonText(eventJson(event, app.spaces))}\n`);
    else io.out(hanging(command, io, await lines(app, events, account === undefined)));
  };
  if (options.follow !== true) {
    const { events } = await eventsBefore(app, { ...filter, ...start }, options.limit);
    if (events.length === 0 && !wantsJson(command)) say(command, io, 'There are no such events.\n');
    return showAll(events.toReversed());
  }
  const ended = new AbortController();
  void io.interrupted().then(() => ended.abort());
  for await (const events of followEvents(app, filter, first, ended.signal)) {
    await app.spaces.refresh();
    await showAll(events);
  }
}

/** Indents the continuation lines of an event, so that it is clear where the next event begins. */
function hanging(command: Command, io: Io, text: string): string {
  return io.columns === undefined ? text : wrapLines(text, screenOf(command, io).width, 4);
}

/** Returns lines such as `2026-01-31 12:00+01:00  alice@sip.example.com  A code was issued …`. */
async function lines(app: App, events: readonly Event[], withAccount: boolean): Promise<string> {
  const ids = new Set(events.flatMap(({ accountId }) => (accountId === null ? [] : [accountId])));
  const names = withAccount ? await usernamesOf(app, [...ids]) : new Map<number, string>();
  return events
    .map((event) => {
      const when = localTime(event.at);
      const domain = app.spaces.findById(event.spaceId)?.domain ?? 'a deleted space';
      const who = names.get(event.accountId ?? 0);
      const account = who === undefined ? domain : `${who}@${domain}`;
      const sentence = withoutControls(sentenceOf(event, localTime)).replaceAll('\n', ' ');
      return `${when}  ${withAccount ? `${account}  ` : ''}${sentence}\n`;
    })
    .join('');
}
