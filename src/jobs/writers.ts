import { LastUses } from '../access/last-uses.ts';
import { DeviceUses } from '../devices/device-uses.ts';
import { FetchedDocuments } from '../documents/fetched-documents.ts';
import { EventLog } from '../events/event-log.ts';
import type { Logger } from '../lib/logger.ts';
import type { OutageLog } from '../lib/outage-log.ts';
import { Deliveries } from '../provisioning/deliveries.ts';
import type { Database } from '../storage/database.ts';
import { noteRefusedCodes } from '../tokens/refused-code-store.ts';
import type { Unwritten, Writers } from './stored-records.ts';

/** All writers that work in batches, including those whose records may be lost. */
export interface AllWriters extends Writers {
  readonly fetched: FetchedDocuments;
  readonly sessionUses: LastUses;
}

interface WriterContext {
  readonly database: Database;
  readonly secret: string;
  readonly bootId: string;
  readonly log: Logger;
  readonly outages: OutageLog;
  now(): number;
  steadyNow(): number;
  elapsed(): number;
}

export function openWriters(context: WriterContext): AllWriters {
  const { database, log, outages } = context;
  const notWritten = (what: string) => (error: unknown, lost: number) =>
    outages.report(error, { lost }, `${what} could not be stored`);
  return {
    events: new EventLog(database, {
      onError: notWritten('events'),
      onDropped: (count) => log.warn({ count }, 'too much happened at once: some events were not recorded'),
      alongside: noteRefusedCodes,
    }),
    deliveries: new Deliveries(database, context, notWritten('outcomes of answers')),
    fetched: new FetchedDocuments(database, context.secret, notWritten('the documents that phones fetched')),
    keyUses: new LastUses(database, 'api_keys', notWritten('uses of keys')),
    sessionUses: new LastUses(database, 'sessions', notWritten('uses of sessions')),
    deviceUses: new DeviceUses(database, notWritten('uses and ends of devices')),
  };
}

/**
 * Closes all writers at once, because one that fails must not use up the time of the others. `deliveries` comes first:
 * when it closes, it tells `deviceUses` which devices ended.
 */
export async function closeWriters(
  { deliveries, deviceUses, keyUses, sessionUses, events, fetched }: AllWriters,
  patience: AbortSignal,
): Promise<Unwritten> {
  const closing = [
    deliveries.close(patience),
    deviceUses.close(patience),
    keyUses.close(patience),
    events.close(patience),
    fetched.close(patience),
    sessionUses.close(patience),
  ] as const;
  const [ended, news, uses, recorded] = await Promise.all(closing);
  return { deliveries: ended, deviceUses: news, keyUses: uses, events: recorded };
}
