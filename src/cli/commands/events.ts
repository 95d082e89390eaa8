import type { Command } from 'commander';
import { quoteText } from '../../errors/quote-text.ts';
import { AppError } from '../../errors.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { EventsOptions } from '../work/events.ts';

const work = () => import('../work/events.ts');

export function registerEvents(program: Command, io: Io): void {
  const command = program
    .command('events [user[@domain]]')
    .description('Shows what happened to all accounts or to one, with their tokens and phones; newest last.')
    .option('--since <when>', 'only events since then: 15m, 2h or 7d ago, or a time such as 2026-01-31T12:00:00Z')
    .option(
      '--kind <kinds>',
      'only events of these kinds, such as refused,fetched; the error for an unknown kind lists all kinds',
    )
    .option('--space <domain>', 'only events of this space; not together with USER')
    .option('--limit <number>', 'show at most this many, the newest', readLimit, 100)
    .option('-f, --follow', 'keep printing new events until Ctrl-C')
    .action(async (address: string | undefined, options: EventsOptions, command: Command) =>
      (await work()).showEvents(command, io, address, options),
    );
  withManual(command, {
    examples: [
      './ringup events alice@sip.example.com',
      './ringup events --follow',
      './ringup events --since 2h --kind refused,answer-lost --json',
    ],
    json: 'one JSON object per event, each on its own line',
  });
}

function readLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 100_000) return limit;
  throw new AppError('usage-wrong', { complaint: `--limit ${quoteText(text)} must be a number from 1 to 100000.` });
}
