import type { Command } from 'commander';
import { usernamesOf } from '../../accounts/list-accounts.ts';
import type { App } from '../../app.ts';
import { quoteText, withoutControls } from '../../errors/quote-text.ts';
import { AppError } from '../../errors.ts';
import type { Event } from '../../events/event.ts';
import { followEvents } from '../../events/follow-events.ts';
import { type EventFilter, newestEvents } from '../../events/list-events.ts';
import { readEventFilter } from '../../events/read-event-filter.ts';
import { sentenceOf } from '../../locale/describe-event.ts';
import { eventJson } from '../../views/event.ts';
import { accountAt, getSpace } from '../account-at.ts';
import { given, readOptions } from '../fields.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { wantsJson } from '../output/print.ts';

interface Options {
  readonly since?: string;
  readonly kind?: string;
  readonly space?: string;
  readonly limit: number;
  readonly follow?: boolean;
}

export function registerEvents(program: Command, io: Io): void {
  const command = program
    .command('events [user[@domain]]')
    .description('Shows what happened to all accounts or to one, with their tokens and phones; newest last.')
    .option('--since <when>', 'only events since then: 15m, 2h or 7d ago, or a time such as 2026-01-31T12:00:00Z')
    .option(
      '--kind <kinds>',
      'only events of these kinds, such as refused,fetched; the error for an unknown kind lists all kinds',
    )
    .option('--space <domain>', 'only events of this space')
    .option('--limit <number>', 'show at most this many, the newest', readLimit, 100)
    .option('-f, --follow', 'keep printing new events until Ctrl-C')
    .action((address: string | undefined, options: Options, command: Command) =>
      withApp(command, io, (app) => showEvents(command, io, app, address, options)),
    );
  withManual(command, {
    examples: [
      'ringup events alice@sip.example.com',
      'ringup events --follow',
      'ringup events --since 2h --kind refused,answer-lost --json',
    ],
    json: 'one JSON object per event, each on its own line',
  });
}

async function showEvents(command: Command, io: Io, app: App, address: string | undefined, options: Options) {
  const { since, kind } = options;
  const { kinds, ...start } = readOptions(() => readEventFilter(given({ since, kind }), app.now()));
  const account = address === undefined ? undefined : (await accountAt(app, address)).account;
  const filter: EventFilter = {
    ...(options.space === undefined ? {} : { spaceIds: [getSpace(app, options.space).id] }),
    ...(account === undefined ? {} : { accountId: account.id }),
    ...given({ kinds }),
  };
  const first = async () => (await newestEvents(app, { ...filter, ...start }, options.limit)).events;
  const show = async (events: readonly Event[]): Promise<void> => {
    if (wantsJson(command)) for (const event of events) io.out(`${JSON.stringify(eventJson(event, app.spaces))}\n`);
    else io.out(await lines(app, events, account === undefined));
  };
  if (options.follow !== true) {
    const events = await first();
    if (events.length === 0 && !wantsJson(command)) io.out('There are no such events.\n');
    return show(events);
  }
  const ended = new AbortController();
  void io.interrupted().then(() => ended.abort());
  for await (const events of followEvents(app, filter, first, ended.signal)) {
    await app.spaces.refresh();
    await show(events);
  }
}

/** `2026-01-31 12:00:05  alice@sip.example.com  A code was issued …` */
async function lines(app: App, events: readonly Event[], withAccount: boolean): Promise<string> {
  const ids = new Set(events.flatMap(({ accountId }) => (accountId === null ? [] : [accountId])));
  const names = withAccount ? await usernamesOf(app, [...ids]) : new Map<number, string>();
  return events
    .map((event) => {
      const when = new Date(event.at).toISOString().slice(0, 19).replace('T', ' ');
      const domain = app.spaces.findById(event.spaceId)?.domain ?? 'a deleted space';
      const who = names.get(event.accountId ?? 0);
      const account = who === undefined ? domain : `${who}@${domain}`;
      const sentence = withoutControls(sentenceOf(event)).replaceAll('\n', ' ');
      return `${when}  ${withAccount ? `${account}  ` : ''}${sentence}\n`;
    })
    .join('');
}

function readLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 100_000) return limit;
  throw new AppError('usage-wrong', { complaint: `--limit ${quoteText(text)} must be a number from 1 to 100000.` });
}
